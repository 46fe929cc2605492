import type { ArrayValue } from "../ArrayValue.ts";
import type { ParamsOf, Primitive } from "../primitives.ts";
import type { Atom, Program } from "../Program.ts";
import { controlEvaluators } from "./control.ts";
import { elementwiseEvaluators } from "./elementwise.ts";
import type { EvaluateRules } from "./EvaluateRule.ts";
import { structuralEvaluators } from "./structural.ts";

let rules: EvaluateRules<Primitive> | undefined;

/** The outputs of one primitive, computed in plain JavaScript. The inputs have to fit. */
export function evaluatePrimitive<P extends Primitive>(
  primitive: P,
  inputs: readonly ArrayValue[],
  params: ParamsOf<P>,
): readonly ArrayValue[] {
  rules ??= {
    ...elementwiseEvaluators(),
    ...structuralEvaluators(),
    ...controlEvaluators(evaluateProgram),
  };
  return rules[primitive](inputs, params);
}

/**
 * Runs a program in plain JavaScript, equation by equation: the reference that compiled code is compared with.
 *
 * @param inputs - One array for each input of the program, of its type.
 */
export function evaluateProgram(program: Program, inputs: readonly ArrayValue[]): readonly ArrayValue[] {
  const values: ArrayValue[] = Array.from({ length: program.numVariables });
  for (const [i, { id }] of program.inputs.entries()) values[id] = inputs[i]!;
  const read = (atom: Atom): ArrayValue =>
    "id" in atom
      ? values[atom.id]!
      : { dtype: atom.dtype, shape: atom.shape, data: atom.contiguousData() };
  for (const { primitive, inputs: operands, params, outputs } of program.equations) {
    const results = evaluatePrimitive(primitive, operands.map(read), params);
    for (const [i, { id }] of outputs.entries()) values[id] = results[i]!;
  }
  return program.outputs.map(read);
}
