import { apply, isVariable, type Program } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** The ids of all that some outputs of a program come from. */
export function neededFor({ equations }: Program, outputs: Program["outputs"]): Set<number> {
  const needed = new Set<number>();
  const need = (atoms: Program["outputs"]): void => {
    for (const atom of atoms) if (isVariable(atom)) needed.add(atom.id);
  };
  need(outputs);
  for (const { outputs: made, inputs } of equations.toReversed())
    if (made.some(({ id }) => needed.has(id))) need(inputs);
  return needed;
}

/** A program with other outputs, without the equations that they do not come from. */
export function withOutputs(program: Program, outputs: Program["outputs"]): Program {
  const needed = neededFor(program, outputs);
  const equations = program.equations.filter((equation) =>
    equation.outputs.some(({ id }) => needed.has(id)),
  );
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
