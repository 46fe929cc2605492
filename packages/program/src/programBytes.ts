import { innerPrograms, type Program } from "./Program.ts";

/** An equation with its variables, by what V8 says of a heap of programs. */
const equationBytes = 500;

let known: WeakMap<Program, number> | undefined;

/** What a program takes, about: with the programs inside of it, and its constants. */
export function programBytes(program: Program): number {
  known ??= new WeakMap();
  let bytes = known.get(program);
  if (bytes !== undefined) return bytes;
  bytes = 0;
  for (const equation of program.equations) {
    bytes += equationBytes;
    for (const atom of equation.inputs) if (atom.trace === undefined) bytes += 8 * atom.size;
    for (const inner of innerPrograms(equation)) bytes += programBytes(inner);
  }
  known.set(program, bytes);
  return bytes;
}
