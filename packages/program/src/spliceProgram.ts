import type { Tensor } from "@diffrax-ts/pytree";
import type { Atom } from "./Atom.ts";
import type { Equation, Program } from "./Program.ts";
import { apply } from "./apply.ts";
import { firstTraced } from "./isTraced.ts";
import { traceContext } from "./traceContext.ts";

/**
 * Runs the equations of a program in the trace in progress.
 *
 * @param inputs - One for each input of the program; `undefined` for those that no equation reads.
 */
export function spliceProgram(program: Program, inputs: readonly (Tensor | undefined)[]): Tensor[] {
  const values = new Array<Tensor | undefined>(program.numVariables);
  for (let i = 0; i < program.inputs.length; i++) values[program.inputs[i]!.id] = inputs[i];
  const read = (atom: Atom): Tensor => (atom.trace !== undefined ? values[atom.id]! : atom);
  for (let i = 0; i < program.equations.length; i++) {
    const equation = program.equations[i]!;
    const results = repeatEquation(equation, equation.inputs.map(read));
    const { outputs } = equation;
    for (let j = 0; j < outputs.length; j++) values[outputs[j]!.id] = results[j]!;
  }
  return program.outputs.map(read);
}

/** Runs an equation of a program on other operands, in the trace in progress. */
export function repeatEquation(equation: Equation, operands: readonly Tensor[]): readonly Tensor[] {
  const { current } = traceContext();
  return current?.repeat !== undefined && firstTraced(operands) !== undefined
    ? current.repeat(equation, operands)
    : apply(equation.primitive, operands, equation.params);
}
