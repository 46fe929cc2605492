import { type Atom, isConcrete, type Named, type Program } from "@diffrax-ts/program";

/**
 * A program that does the same for several sets of inputs: their equations in turn. Those of one set mostly wait for each other, and
 * what is long does not fit into the window in which a processor looks for others that can go ahead.
 *
 * @returns With the inputs and outputs of one set after those of another.
 */
export function interleaved(program: Program, copies: number): Program {
  const { inputs, equations, outputs, numVariables } = program;
  const each = Array.from({ length: copies }, (_, copy) => copy);
  const named = ({ dtype, shape, buffer, trace, id }: Named, copy: number): Named => ({
    dtype,
    shape,
    buffer,
    trace,
    id: id + copy * numVariables,
  });
  const ofCopy = (atom: Atom, copy: number): Atom => (isConcrete(atom) ? atom : named(atom, copy));
  return {
    ...program,
    numVariables: copies * numVariables,
    inputs: each.flatMap((copy) => inputs.map((input) => named(input, copy))),
    equations: equations.flatMap((equation) =>
      each.map((copy) => ({
        ...equation,
        inputs: equation.inputs.map((input) => ofCopy(input, copy)),
        outputs: equation.outputs.map((output) => named(output, copy)),
      })),
    ),
    outputs: each.flatMap((copy) => outputs.map((output) => ofCopy(output, copy))),
  };
}
