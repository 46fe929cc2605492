import { add, mul } from "@diffrax-ts/array";
import { requireNumber } from "./checks.ts";
import { mapLeaves } from "./mapLeaves.ts";

/**
 * A step from old parameters to new ones, `stepSize · new + (1 - stepSize) · old`: taken after every step of training, with a step
 * size of 0.01 for example, it follows the mean of the last hundred parameters, which is calmer than the last ones. The same numbers as
 * `optax.incremental_update`.
 *
 * @param stepSize - Between 0 and 1.
 * @throws RangeError for another step size; TypeError that names the place where the parameters are not alike.
 * @see Polyak, Juditsky (1992), Acceleration of stochastic approximation by averaging, doi:10.1137/0330046
 *
 * @example
 * ```ts
 * import { incrementalUpdate } from "@diffrax-ts/nn";
 *
 * incrementalUpdate({ a: 1, b: 2 }, { a: 0, b: 4 }, 0.25);
 * // → { a: 0.25, b: 3.5 }
 * ```
 */
export function incrementalUpdate<Params>(
  newParams: Params,
  oldParams: NoInfer<Params>,
  stepSize: number,
): Params {
  const isRight = (x: number): boolean => x >= 0 && x <= 1;
  requireNumber("incrementalUpdate", "stepSize", stepSize, "between 0 and 1", isRight);
  return mapLeaves((now, last) => add(mul(now, stepSize), mul(last, 1 - stepSize)), {
    newParams,
    oldParams,
  });
}
