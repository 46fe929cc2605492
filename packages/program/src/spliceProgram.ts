import type { Tensor } from "@diffrax-ts/pytree";
import { type Atom, isVariable } from "./Atom.ts";
import { type Program } from "./Program.ts";
import { apply } from "./tensors.ts";

/**
 * Runs the equations of a program in the trace in progress.
 *
 * @param inputs - One for each input of the program; `undefined` for those that no equation reads.
 */
export function spliceProgram(program: Program, inputs: readonly (Tensor | undefined)[]): Tensor[] {
  const values: (Tensor | undefined)[] = Array.from({ length: program.numVariables });
  for (const [i, { id }] of program.inputs.entries()) values[id] = inputs[i];
  const read = (atom: Atom): Tensor => (isVariable(atom) ? values[atom.id]! : atom);
  for (const { primitive, inputs: atoms, params, outputs } of program.equations) {
    const results = apply(primitive, atoms.map(read), params);
    for (const [i, { id }] of outputs.entries()) values[id] = results[i]!;
  }
  return program.outputs.map(read);
}
