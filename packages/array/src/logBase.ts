import { div } from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";
import { elementary } from "./elementary.ts";

/**
 * The logarithm to base 2, exact for powers of 2; at most 1 ulp off.
 *
 * @example
 * ```ts
 * import { log2 } from "@diffrax-ts/array";
 *
 * log2(1024).item();
 * // → 10
 * ```
 */
export function log2(x: Leaf): Tensor {
  return elementary("log2", x, (v) => div(Math.LOG2E, v));
}

/**
 * The logarithm to base 10, exact for powers of 10; at most 1 ulp off.
 *
 * @example
 * ```ts
 * import { log10 } from "@diffrax-ts/array";
 *
 * log10(1000).item();
 * // → 3
 * ```
 */
export function log10(x: Leaf): Tensor {
  return elementary("log10", x, (v) => div(Math.LOG10E, v));
}
