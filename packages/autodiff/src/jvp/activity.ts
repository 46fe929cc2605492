import {
  type Atom,
  type Equation,
  isEquation,
  isFloat,
  isVariable,
  type LoopParams,
  type Primitive,
  type Program,
} from "@diffrax-ts/program";
import { isConstant } from "./jvpRules.ts";

/**
 * By variable id: 1 for what in a program has a tangent if some inputs do. Found without tracing, and so of some that turn out to
 * have none it may say that they do.
 */
export function activeIn(program: Program, mask: readonly boolean[]): Uint8Array {
  const active = new Uint8Array(program.numVariables);
  for (let i = 0; i < mask.length; i++) if (mask[i]) active[program.inputs[i]!.id] = 1;
  const isActive = (atom: Atom): boolean => atom.trace !== undefined && active[atom.id] === 1;
  const { equations } = program;
  for (let i = 0; i < equations.length; i++) {
    const equation = equations[i]!;
    if (!equation.inputs.some(isActive)) continue;
    const { primitive, outputs } = equation;
    if (isConstant(primitive)) continue;
    const mask = isPartial(primitive)
      ? activeOutputs(equation, equation.inputs.map(isActive))
      : undefined;
    for (let j = 0; j < outputs.length; j++) {
      const { id, dtype } = outputs[j]!;
      if ((mask === undefined || mask[j] === true) && isFloat(dtype)) active[id] = 1;
    }
  }
  return active;
}

/** Which outputs of a program have a tangent if some inputs do. */
function activity(program: Program, mask: readonly boolean[]): boolean[] {
  const active = activeIn(program, mask);
  return program.outputs.map((atom) => isVariable(atom) && active[atom.id] === 1);
}

/** Whether it depends on which inputs of an equation have a tangent, which outputs do. */
function isPartial(primitive: Primitive): boolean {
  return (
    primitive === "call" || primitive === "loop" || primitive === "cond" || primitive === "copysign"
  );
}

function activeOutputs(equation: Equation, inputs: readonly boolean[]): readonly boolean[] {
  if (isEquation(equation, "call")) return activity(equation.params.program, inputs);
  if (isEquation(equation, "loop")) return loopActivity(equation.params, inputs).outMask;
  if (isEquation(equation, "cond")) {
    const sides = equation.params.branches.map((side) => activity(side, inputs.slice(1)));
    return equation.outputs.map((_, i) => sides.some((side) => side[i]));
  }
  return [inputs[0]!]; // of copysign: the sign that is copied has none
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
