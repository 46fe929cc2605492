import type { Concrete } from "@diffrax-ts/pytree";
import { jit } from "./jit.ts";
import { noinline } from "./noinline.ts";
import { requireFunction } from "./requireFunction.ts";

/**
 * A function of which reverse mode remembers the arguments only: what it computed on the way is computed again when it
 * is needed. Less memory for more time, where the same function is used many times over; it is kept out of line.
 *
 * Loops need it not: they remember what they carry, and what takes long to compute in a turn as far as it fits into their memory. What is
 * wrapped is not remembered in a turn either.
 *
 * @example
 * ```ts
 * import { checkpoint, grad } from "@diffrax-ts/autodiff";
 * import { mul, sin } from "@diffrax-ts/program";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const layer = checkpoint((x: Scalar) => sin(mul(x, sin(x))));
 * grad((x: Scalar) => layer(layer(layer(x))))(1).toFixed(6);
 * // → "0.861135"
 * ```
 */
export function checkpoint<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
): (...args: { [Key in keyof Args]: Concrete<Args[Key]> }) => Result {
  return jit(noinline(requireFunction("checkpoint", f)));
}
