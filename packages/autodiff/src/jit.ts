import { fused, unfused } from "@diffrax-ts/compiler";
import { type Fma, traceContext } from "@diffrax-ts/program";
import { type Concrete, unflatten } from "@diffrax-ts/pytree";
import { isNoinline } from "./noinline.ts";
import { isOutermost, runProgram } from "./runProgram.ts";
import { traceCache, tracesOf } from "./TraceCache.ts";
import { transformed } from "./transformed.ts";

/** Options of `jit`. */
export interface JitOptions {
  /**
   * Whether sums with a product in them, `a b + c`, may be rounded once instead of twice: by fused multiply-add of WebAssembly's relaxed SIMD,
   * in everything that runs in lanes (products of matrices, arithmetic and elementary functions on arrays of more than 16 elements), solves
   * and derivatives included. It makes networks faster, and takes away a promise: **results do not have the same bits on every machine**,
   * nor those of the same element in an array of another length. Errors of functions stay within the documented bounds, but what is zero
   * exactly without it, as `a b - b a`, may be a rounding error with it.
   *
   * A function that is part of another, as in `grad(jit(f, { fma: true }))`, asks for it in all of what is compiled. `false` asks for the
   * same bits on every machine, and refuses functions inside that ask otherwise. Engines without these instructions (see `hasFma`) run
   * what they always run.
   *
   * @defaultValue nothing is fused, unless something inside asks for it
   */
  readonly fma?: boolean | undefined;
}

/**
 * Compiles a function of tensors: it is traced once for each structure of its arguments, and runs as WebAssembly.
 *
 * Numbers in the arguments are float64 scalars inside. Called while another function is traced, it becomes part
 * of that one. The function has to be pure: what it does besides its result happens when it is traced.
 *
 * @throws TypeError if the function returns nothing, or uses a traced value as a truth value.
 *
 * @example
 * ```ts
 * import { jit } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const square = jit((x: Scalar) => x.mul(x));
 * square(3).item();
 * // → 9
 * ```
 */
export function jit<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  { fma }: JitOptions = {},
): (...args: { [Key in keyof Args]: Concrete<Args[Key]> }) => Result {
  return transformed("jit", f, fma === undefined ? {} : { fma }, () => {
    const traces = tracesOf(f, "jit");
    // Code is found by its program: with an option it is of a program of its own.
    const cache = fma === undefined ? traces : traceCache();
    const options = { name: "jit", inline: !isNoinline(f), fma: asked(fma) };
    return (...args: readonly unknown[]): Result => {
      const { leaves, traced } = cache.get(f, args, "jit");
      // What is computed while another function is traced becomes a constant of that, which may have been asked for other bits.
      const isConstant = traceContext().current !== null && isOutermost(traced.captured, leaves);
      if (fma !== undefined && isConstant)
        return (jit(f) as (...given: typeof args) => Result)(...args);
      const results = runProgram(traced.program, traced.captured, leaves, options);
      return unflatten(traced.output, results) as Result;
    };
  });
}

function asked(fma: boolean | undefined): Fma | undefined {
  if (fma === undefined) return undefined;
  if (typeof fma !== "boolean") throw new TypeError(`jit: fma must be true or false, got ${fma}`);
  return fma ? fused : unfused;
}
