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
  const { equations } = program;
  for (let i = 0; i < equations.length; i++) {
    const equation = equations[i]!;
    bytes += equationBytes + constantBytes(equation.inputs);
    const inner = innerPrograms(equation);
    for (let j = 0; j < inner.length; j++) bytes += programBytes(inner[j]!);
  }
  return bytes;
}

/** An array of one number has no memory. */
function constantBytes(atoms: readonly Atom[]): number {
  let bytes = 0;
  for (let i = 0; i < atoms.length; i++) {
    const atom = atoms[i]!;
    if (atom.trace !== undefined || !(atom instanceof ArrayConstant) || counted!.has(atom))
      continue;
    counted!.add(atom);
    bytes += atom.data.byteLength;
  }
  return bytes;
}
