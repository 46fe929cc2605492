import { innerPrograms, isEquation, isVariable, type Program } from "@diffrax-ts/program";
import { tracedCall } from "./TraceCache.ts";

/**
 * Whether the result of a function has anything to do with its argument: by its derivative, or by a comparison. The function is
 * traced, and nothing is computed, so that `x - x` depends on `x`.
 *
 * @param x - The function is traced for arguments like this one.
 *
 * @example
 * ```ts
 * import { dependsOn } from "@diffrax-ts/autodiff";
 * import { zeros } from "@diffrax-ts/array";
 * import type { Tensor } from "@diffrax-ts/pytree";
 *
 * const x = Float64Array.of(1, 2);
 * [dependsOn((x: Tensor) => x.mul(2), x), dependsOn((x: Tensor) => zeros(x.shape), x)];
 * // → [true, false]
 * ```
 */
export function dependsOn<Argument>(f: (x: Argument) => unknown, x: unknown): boolean {
  const { program, captured } = tracedCall(f, [x], "dependsOn").traced;
  const marks = program.inputs.map((_, i) => i >= captured.length);
  return reached(program, marks).includes(true);
}

/** Which outputs of a program have to do with the inputs that are marked. */
function reached(program: Program, marks: readonly boolean[]): readonly boolean[] {
  const known = new Set<number>();
  const mark = (ids: readonly { readonly id: number }[], marks: readonly boolean[]): void => {
    for (const [i, { id }] of ids.entries()) if (marks[i] === true) known.add(id);
  };
  mark(program.inputs, marks);
  const isMarked = (atom: Program["outputs"][number]): boolean =>
    isVariable(atom) && known.has(atom.id);
  for (const equation of program.equations) {
    const inputs = equation.inputs.map(isMarked);
    if (!inputs.includes(true)) continue;
    const [inner] = isEquation(equation, "call") ? innerPrograms(equation) : [];
    mark(
      equation.outputs,
      inner === undefined ? equation.outputs.map(() => true) : reached(inner, inputs),
    );
  }
  return program.outputs.map(isMarked);
}
