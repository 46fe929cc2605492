import { type Equation, innerPrograms, type Program } from "@diffrax-ts/program";

/** The equations of a lowered program and of all programs in it, each program once. */
export function allEquations(
  program: Program,
  found: Equation[] = [],
  seen: Set<Program> = new Set(),
): Equation[] {
  if (seen.has(program)) return found;
  seen.add(program);
  const { equations } = program;
  for (let i = 0; i < equations.length; i++) {
    found.push(equations[i]!);
    const inner = innerPrograms(equations[i]!);
    for (let j = 0; j < inner.length; j++) allEquations(inner[j]!, found, seen);
  }
  return found;
}
