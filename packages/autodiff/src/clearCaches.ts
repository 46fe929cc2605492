import { cacheBudget } from "@diffrax-ts/program";

/**
 * Lets go of all that was traced and compiled: what is called again is traced and compiled again. The caches are bounded without it, by
 * 256 MB for the process; this is for a moment from which on other functions are called. The name is JAX's, `jax.clear_caches`.
 *
 * @example
 * ```ts
 * import { clearCaches, jit } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const square = jit((x: Scalar) => x.mul(x));
 * square(3).item();
 * clearCaches();
 * square(4).item();
 * // → 16
 * ```
 */
export function clearCaches(): void {
  cacheBudget().clear();
}
