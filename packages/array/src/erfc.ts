import { exp, mul, neg } from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";
import { elementary } from "./elementary.ts";

/**
 * `1 - erf(x)`, without cancellation; at most 2 ulp off.
 *
 * @example
 * ```ts
 * import { erfc } from "@diffrax-ts/array";
 *
 * erfc(5).item();
 * // → 1.537459794428035e-12
 * ```
 */
export function erfc(x: Leaf): Tensor {
  return elementary("erfc", x, (v) => mul(exp(neg(mul(v, v))), -2 / Math.sqrt(Math.PI)));
}
