import {
  type Equation,
  isEquation,
  isFloat,
  isVariable,
  type LoopParams,
  type Program,
} from "@diffrax-ts/program";
import { isConstant } from "./jvpRules.ts";

/**
 * The ids of what in a program has a tangent if some inputs do. Found without tracing, and so of some that turn out to
 * have none it may say that they do.
 */
export function activeIn(program: Program, mask: readonly boolean[]): ReadonlySet<number> {
  const active = new Set<number>();
  for (const [i, { id }] of program.inputs.entries()) if (mask[i]) active.add(id);
  for (const equation of program.equations) {
    const inputs = equation.inputs.map((atom) => isVariable(atom) && active.has(atom.id));
    if (!inputs.includes(true)) continue;
    const outputs = activeOutputs(equation, inputs);
    for (const [i, { id, dtype }] of equation.outputs.entries())
      if (outputs[i] && isFloat(dtype)) active.add(id);
  }
  return active;
}

/** Which outputs of a program have a tangent if some inputs do. */
function activity(program: Program, mask: readonly boolean[]): boolean[] {
  const active = activeIn(program, mask);
  return program.outputs.map((atom) => isVariable(atom) && active.has(atom.id));
}

function activeOutputs(equation: Equation, inputs: readonly boolean[]): readonly boolean[] {
  if (isEquation(equation, "call")) return activity(equation.params.program, inputs);
  if (isEquation(equation, "loop")) return loopActivity(equation.params, inputs).outMask;
  if (isEquation(equation, "cond")) {
    const sides = equation.params.branches.map((side) => activity(side, inputs.slice(1)));
    return equation.outputs.map((_, i) => sides.some((side) => side[i]));
  }
  // The sign that is copied has none.
  if (isEquation(equation, "copysign")) return [inputs[0]!];
  const hasTangent = !isConstant(equation.primitive);
  return equation.outputs.map(() => hasTangent);
}

/** Which inputs of a loop have a tangent in it if some do at the start, and which outputs. */
export function loopActivity(
  { body, numConsts, numCarry }: LoopParams,
  mask: readonly boolean[],
): { readonly inMask: readonly boolean[]; readonly outMask: readonly boolean[] } {
  // A value carried has a tangent if it starts with one, or gets one from another in some turn.
  let inMask = mask;
  for (;;) {
    const outMask = activity(body, inMask);
    const before = inMask;
    const next = before.map(
      (here, i) => here || (i >= numConsts && i < numConsts + numCarry && outMask[i - numConsts]!),
    );
    if (next.every((here, i) => here === before[i])) {
      const carried = next.slice(numConsts);
      return {
        inMask: next,
        outMask: outMask.map((here, i) => here || (i < numCarry && carried[i]!)),
      };
    }
    inMask = next;
  }
}
