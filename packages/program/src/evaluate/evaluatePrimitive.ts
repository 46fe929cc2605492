import type { ArrayValue } from "../ArrayValue.ts";
import type { ParamsOf, Primitive } from "../primitives.ts";
import type { Atom, Program } from "../Program.ts";
import { controlEvaluators } from "./control.ts";
import { elementwiseEvaluators } from "./elementwise.ts";
import type { EvaluateRules } from "./EvaluateRule.ts";
import { structuralEvaluators } from "./structural.ts";

type Elementwise = keyof ReturnType<typeof elementwiseEvaluators>;

let elementwise: EvaluateRules<Elementwise> | undefined;
let others: EvaluateRules<Exclude<Primitive, Elementwise>> | undefined;

/** The outputs of one primitive, computed in plain JavaScript. The inputs have to fit. */
export function evaluatePrimitive<P extends Primitive>(
  primitive: P,
  inputs: readonly ArrayValue[],
  params: ParamsOf<P>,
): readonly ArrayValue[] {
  elementwise ??= elementwiseEvaluators();
  if (primitive in elementwise)
    return elementwise[primitive as Elementwise](inputs, params as never);
  // Apart, because folding constants while a function is traced rarely needs these.
  others ??= { ...structuralEvaluators(), ...controlEvaluators(evaluateProgram) };
  return others[primitive as Exclude<Primitive, Elementwise>](inputs, params as never);
}

/**
 * Runs a program in plain JavaScript, equation by equation: the reference that compiled code is compared with.
 *
 * @param inputs - One array for each input of the program, of its type.
 */
export function evaluateProgram(
  program: Program,
  inputs: readonly ArrayValue[],
): readonly ArrayValue[] {
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
