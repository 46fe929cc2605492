import type { Atom } from "./Atom.ts";
import { innerPrograms, type Program } from "./Program.ts";
import { ArrayConstant } from "./tensors.ts";

/** An equation with its variables, by what V8 says of a heap of programs. */
const equationBytes = 500;

/** Programs and constants that somebody has been told the size of. */
let counted: WeakSet<object> | undefined;

/**
 * What a program takes, about: with the programs inside of it, and its constants. What several have in common, the body of a loop that
 * is differentiated for example, counts for the first of them that is asked for.
 */
export function programBytes(program: Program): number {
  counted ??= new WeakSet();
  if (counted.has(program)) return 0;
  counted.add(program);
  let bytes = constantBytes(program.outputs);
  for (const equation of program.equations) {
    bytes += equationBytes + constantBytes(equation.inputs);
    for (const inner of innerPrograms(equation)) bytes += programBytes(inner);
  }
  return bytes;
}

/** An array of one number has no memory. */
function constantBytes(atoms: readonly Atom[]): number {
  let bytes = 0;
  for (const atom of atoms) {
    if (!(atom instanceof ArrayConstant) || counted!.has(atom)) continue;
    counted!.add(atom);
    bytes += atom.data.byteLength;
  }
  return bytes;
}
