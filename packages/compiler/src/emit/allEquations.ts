import { type Equation, isEquation, type Program } from "@diffrax-ts/program";

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

function innerPrograms(equation: Equation): readonly Program[] {
  if (isEquation(equation, "loop")) return [equation.params.body];
  if (isEquation(equation, "cond")) return equation.params.branches;
  return isEquation(equation, "call") ? [equation.params.program] : [];
}
