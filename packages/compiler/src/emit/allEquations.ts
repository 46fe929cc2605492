import { type Equation, innerPrograms, type Program } from "@diffrax-ts/program";

/** The equations of a lowered program and of all programs in it, each program once. */
export function allEquations(
  program: Program,
  found: Equation[] = [],
  seen: Set<Program> = new Set(),
): Equation[] {
  if (seen.has(program)) return found;
  seen.add(program);
  for (const equation of program.equations) {
    found.push(equation);
    for (const inner of innerPrograms(equation)) allEquations(inner, found, seen);
  }
  return found;
}
