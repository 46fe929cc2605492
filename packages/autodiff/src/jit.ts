import { type Concrete, unflatten } from "@diffrax-ts/pytree";
import { isNoinline } from "./noinline.ts";
import { runProgram } from "./runProgram.ts";
import { tracesOf } from "./TraceCache.ts";
import { transformed } from "./transformed.ts";

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
): (...args: { [Key in keyof Args]: Concrete<Args[Key]> }) => Result {
  return transformed("jit", f, {}, () => {
    const cache = tracesOf(f, "jit");
    const inline = !isNoinline(f);
    return (...args: readonly unknown[]): Result => {
      const { leaves, traced } = cache.get(f, args, "jit");
      const results = runProgram(traced.program, traced.captured, leaves, { name: "jit", inline });
      return unflatten(traced.output, results) as Result;
    };
  });
}
