import type { DenseInfo, Tree } from "@diffrax-ts/protocol";
import { describeValue } from "@diffrax-ts/pytree";

/**
 * The stages that a solver told of in `denseInfo.k`.
 *
 * @throws TypeError if there is no list of them.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { stagesOf } from "@diffrax-ts/interpolation";
 *
 * stagesOf({ y0: tensor(0), k: [tensor(1), tensor(2)] }).length;
 * // → 2
 * ```
 */
export function stagesOf({ k }: DenseInfo): readonly Tree[] {
  if (Array.isArray(k)) return k;
  throw new TypeError(
    `interpolation: denseInfo.k must be the list of the stages of a step, got ${describeValue(k)}`,
  );
}
