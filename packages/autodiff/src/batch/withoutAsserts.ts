import {
  type Atom,
  type Equation,
  innerPrograms,
  isEquation,
  isVariable,
  type Program,
  repeatEquation,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** What a program asserts, and of what. */
export interface Asserted {
  readonly equation: Equation<"assert">;
  readonly operands: readonly Tensor[];
}

/**
 * Runs the equations of a program in the trace in progress as `spliceProgram` does, but for what it asserts: this is left to the caller. What is
 * asserted within loops and branches stays there.
 *
 * @param asserted - Receives it.
 */
export function spliceWithoutAsserts(
  program: Program,
  inputs: readonly Tensor[],
  asserted: Asserted[],
): readonly Tensor[] {
  const values: Tensor[] = Array.from({ length: program.numVariables });
  for (const [i, { id }] of program.inputs.entries()) values[id] = inputs[i]!;
  const read = (atom: Atom): Tensor => (isVariable(atom) ? values[atom.id]! : atom);
  for (const equation of program.equations) {
    const operands = equation.inputs.map(read);
    if (isEquation(equation, "assert")) {
      asserted.push({ equation, operands });
      continue;
    }
    const isOpen = isEquation(equation, "call") && equation.params.inline && asserts(equation);
    const results = isOpen
      ? spliceWithoutAsserts(equation.params.program, operands, asserted)
      : repeatEquation(equation, operands);
    for (const [i, { id }] of equation.outputs.entries()) values[id] = results[i]!;
  }
  return program.outputs.map(read);
}

function asserts(equation: Equation): boolean {
  return (
    isEquation(equation, "assert") ||
    innerPrograms(equation).some(({ equations }) => equations.some(asserts))
  );
}
