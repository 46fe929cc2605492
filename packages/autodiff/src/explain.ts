import { type Explanation, explainProgram } from "@diffrax-ts/compiler";
import type { Concrete } from "@diffrax-ts/pytree";
import { tracesOf } from "./TraceCache.ts";

/**
 * What a function becomes when it is compiled for arguments like these: how many instructions and how much memory, which operations were
 * fused into one loop and which were not and why, and what reverse mode remembers of loops and computes again. As a record, and as text:
 * print `String(explain(f, ...args))`.
 *
 * The function may be transformed: `explain(grad(loss), params)`, `explain(jit(f), x)`. It is traced and compiled as `jit` would, and not run. What
 * is solved or compiled by itself for arguments of which none is one of these is computed meanwhile, and is no part of what is explained.
 *
 * @throws TypeError if nothing that it computes depends on its arguments.
 *
 * @example
 * ```ts
 * import { explain } from "@diffrax-ts/autodiff";
 * import { add, mul, tanh } from "@diffrax-ts/program";
 * import type { Tensor } from "@diffrax-ts/pytree";
 *
 * const { main } = explain((x: Tensor) => tanh(add(mul(x, x), 1)), new Float64Array(1000));
 * main.steps.map((step) => (step.kind === "fused" ? step.primitives : step.kind));
 * // → [["mul", "add", "tanh"]]
 * ```
 */
export function explain<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  ...args: { [Key in keyof Args]: Concrete<Args[Key]> }
): Explanation {
  const { program } = tracesOf(f, "explain").get(f, args, "explain").traced;
  if (program.equations.length === 0)
    throw new TypeError(
      "explain: nothing that the function computes depends on its arguments. Pass what it depends on as arguments: explain((y0) => …, y0)",
    );
  return explainProgram(program);
}
