import { isFloat, isTraced, stopGradient as stop } from "@diffrax-ts/program";
import { isTensor, map } from "@diffrax-ts/pytree";

/**
 * A tree as it is, but a constant for derivatives: what flows through it has none.
 *
 * @example
 * ```ts
 * import { grad, stopGradient } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * grad((x: Scalar) => x.mul(stopGradient(x)))(3);
 * // → 3
 * ```
 */
export function stopGradient<T>(tree: T): T {
  return map(
    (leaf) => (isTensor(leaf) && isTraced(leaf) && isFloat(leaf.dtype) ? stop(leaf) : leaf),
    tree,
  ) as T;
}
