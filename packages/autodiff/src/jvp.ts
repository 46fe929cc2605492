import { isFloat } from "@diffrax-ts/program";
import { flattenLike, type Tensor, unflatten } from "@diffrax-ts/pytree";
import { forwardJvp } from "./jvp/forwardControl.ts";
import { leavesLike } from "./leavesLike.ts";
import { runProgram } from "./runProgram.ts";
import { tracesOf } from "./TraceCache.ts";
import type { TreeProgram } from "./TreeProgram.ts";
import { typeOf, zeros } from "./zeros.ts";

/** A value, and its derivative in one direction. */
export interface ValueAndTangent<Value> {
  readonly value: Value;
  readonly tangent: Value;
}

/**
 * The value of a function and its derivative in the direction of `tangents`: forward mode.
 *
 * @param primals - The arguments.
 * @param tangents - A list of the same structure: the direction. What is not a float there is not read.
 * @throws TypeError if `tangents` has another structure than `primals`, or other shapes.
 *
 * @example
 * ```ts
 * import { jvp } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const { tangent } = jvp((x: Scalar) => x.mul(x), [3], [1]);
 * tangent.item();
 * // → 6
 * ```
 */
export function jvp<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  primals: readonly unknown[],
  tangents: readonly unknown[],
): ValueAndTangent<Result> {
  if (!Array.isArray(primals) || !Array.isArray(tangents)) {
    throw new TypeError(
      "jvp: expected two lists, of the arguments and of their tangents: jvp(f, [x], [dx])",
    );
  }
  const { leaves, traced } = tracesOf(f, "jvp").get(f, primals, "jvp");
  const mask = [
    ...traced.captured.map(() => false),
    ...traced.types.map(({ dtype }) => isFloat(dtype)),
  ];
  const { program, outMask } = forwardJvp(traced.program, mask);
  const active = tangentsLike(traced, tangents);
  const all = runProgram(program, traced.captured, [...leaves, ...active], { name: "jvp" });
  const numOutputs = traced.program.outputs.length;
  let next = numOutputs;
  const values = all.slice(0, numOutputs);
  const dual = values.map((value, i): Tensor =>
    outMask[i] === true ? all[next++]! : zeros(typeOf(value)),
  );
  return {
    value: unflatten(traced.output, values) as Result,
    tangent: unflatten(traced.output, dual) as Result,
  };
}

/** The leaves of a list of tangents that belong to floats. */
function tangentsLike({ structure, types }: TreeProgram, tangents: unknown): Tensor[] {
  const name = "jvp: tangents";
  const given = flattenLike(structure, tangents, name);
  const leaves = given.map((leaf, i) => (isFloat(types[i]!.dtype) ? leaf : zeros(types[i]!)));
  return leavesLike(structure, types, unflatten(structure, leaves), name).filter((_, i) =>
    isFloat(types[i]!.dtype),
  );
}
