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
  const { equations } = program;
  for (let i = 0; i < equations.length; i++) {
    const equation = equations[i]!;
    bytes += equationBytes;
    const { inputs } = equation;
    for (let j = 0; j < inputs.length; j++) {
      const atom = inputs[j]!;
      if (atom.trace === undefined) bytes += 8 * atom.size;
    }
    const inner = innerPrograms(equation);
    for (let j = 0; j < inner.length; j++) bytes += programBytes(inner[j]!);
  }
  known.set(program, bytes);
  return bytes;
}
