import { type Callable, type Traced, unflatten } from "@diffrax-ts/pytree";
import { runProgram } from "./runProgram.ts";
import { TraceCache } from "./traceTree.ts";

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
 *
 * const square = jit((x: number) => x.mul(x));
 * square(3).item();
 * // → 9
 * ```
 */
export function jit<Args extends readonly unknown[], Result>(
  f: (...args: { [Key in keyof Args]: Traced<Args[Key]> }) => Result,
): (...args: Args) => Result {
  const cache = new TraceCache();
  return (...args: Args): Result => {
    const { leaves, traced } = cache.get(f as Callable, args, "jit");
    return unflatten(traced.output, runProgram(traced.program, traced.captured, leaves, "jit")) as Result;
  };
}
