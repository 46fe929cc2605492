import { apply, isTraced } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { requireTruth } from "./requireTruth.ts";

/**
 * Ends with an error unless `ok` is true: at once if its value is known, otherwise whenever what is traced here runs.
 *
 * @param ok - A scalar truth value; in a `vmap` it has to be true for every element.
 * @throws RangeError with the message; TypeError if `ok` is no scalar truth value.
 *
 * @example
 * ```ts
 * import { assert, jit } from "@diffrax-ts/autodiff";
 * import { greater, log } from "@diffrax-ts/program";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const logarithm = jit((x: Scalar) => {
 *   assert(greater(x, 0), "logarithm: x must be above 0");
 *   return log(x);
 * });
 * logarithm(1).item();
 * // → 0
 * ```
 */
export function assert(ok: Tensor, message: string): void {
  requireTruth("assert", ok);
  if (isTraced(ok)) apply("assert", [ok], { message });
  else if (ok.item() !== 1) throw new RangeError(message);
}
