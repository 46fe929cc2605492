import { apply, type Atom, type Program } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** By variable id: 1 for what some outputs of a program come from. */
export function neededFor(
  { equations, numVariables }: Program,
  outputs: Program["outputs"],
): Uint8Array {
  const needed = new Uint8Array(numVariables);
  mark(needed, outputs);
  for (let i = equations.length - 1; i >= 0; i--) {
    const { outputs: made, inputs } = equations[i]!;
    if (hasMarked(made, needed)) mark(needed, inputs);
  }
  return needed;
}

/** Marks the variables among some atoms. */
export function mark(marks: Uint8Array, atoms: readonly Atom[]): void {
  for (let i = 0; i < atoms.length; i++) {
    const atom = atoms[i]!;
    if (atom.trace !== undefined) marks[atom.id] = 1;
  }
}

/** Whether a variable among some atoms is marked. */
export function hasMarked(atoms: readonly Atom[], marks: Uint8Array): boolean {
  for (let i = 0; i < atoms.length; i++) {
    const atom = atoms[i]!;
    if (atom.trace !== undefined && marks[atom.id] === 1) return true;
  }
  return false;
}

/** A program with other outputs, without the equations that they do not come from. */
export function withOutputs(program: Program, outputs: Program["outputs"]): Program {
  const needed = neededFor(program, outputs);
  const equations = program.equations.filter((equation) => hasMarked(equation.outputs, needed));
  return { ...program, equations, outputs };
}

/** Runs a program in the trace in progress, as one equation that lowering takes apart. What it does not read may be missing. */
export function callProgram(
  program: Program,
  inputs: readonly (Tensor | null | undefined)[],
): Tensor[] {
  const given = inputs.filter((x) => x !== null && x !== undefined);
  const all = given.length === inputs.length;
  const names = all ? program.inputs : program.inputs.filter((_, i) => Boolean(inputs[i]));
  const params = {
    program: all ? program : { ...program, inputs: names },
    name: "body",
    inline: true,
  };
  return apply("call", given, params);
}
