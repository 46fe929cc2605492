import { isFloat } from "@diffrax-ts/program";
import { unflatten } from "@diffrax-ts/pytree";
import { leavesLike } from "./leavesLike.ts";
import { linearizeProgram } from "./linearizeProgram.ts";
import { runProgram } from "./runProgram.ts";
import { tracesOf } from "./TraceCache.ts";
import { pick, spread, typeOf, zeros } from "./zeros.ts";

/** A value, and the linear function that the derivative is there. */
export interface Linearized<Value> {
  readonly value: Value;
  /** The tangent of the value, from tangents of the arguments, in the same order. */
  readonly jvp: (...tangents: readonly unknown[]) => Value;
}

/**
 * The value of a function and its derivative at one place, as a linear function of a direction: what does not
 * depend on the direction is computed once. For many directions at one place; for one use `jvp`.
 *
 * @example
 * ```ts
 * import { linearize } from "@diffrax-ts/autodiff";
 * import { exp } from "@diffrax-ts/program";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const { value, jvp } = linearize((x: Scalar) => exp(x), 0);
 * [value.item(), jvp(1).item(), jvp(-2).item()];
 * // → [1, 1, -2]
 * ```
 */
export function linearize<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  ...primals: readonly unknown[]
): Linearized<Result> {
  const name = "linearize";
  const { leaves, traced } = tracesOf(f, name).get(f, primals, name);
  const { program, captured, structure, output } = traced;
  const floats = traced.types.map(({ dtype }) => isFloat(dtype));
  const { value, tangent, outMask } = linearizeProgram(program, [
    ...captured.map(() => false),
    ...floats,
  ]);
  const all = runProgram(value, captured, leaves, { name });
  const values = all.slice(0, program.outputs.length);
  const known = all.slice(program.outputs.length);
  return {
    value: unflatten(output, values) as Result,
    jvp: (...tangents) => {
      const directions = leavesLike(structure, traced.types, tangents, "linearize: tangents");
      const moved = runProgram(tangent, [], [...known, ...pick(directions, floats)], { name });
      const dual = spread(moved, outMask).map((x, i) => x ?? zeros(typeOf(values[i]!)));
      return unflatten(output, dual) as Result;
    },
  };
}
