// What a custom rule is for is that its function is not differentiated as it stands. So once a derivative was taken, what goes
// on is the value that the rule gives, and a second derivative is that of the rule. Where an equation runs other
// programs and stays one equation, these are rewritten.
import {
  apply,
  type Atom,
  type Equation,
  innerPrograms,
  isEquation,
  isVariable,
  type Program,
  spliceProgram,
  traceProgram,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { cachedIn, maskKey, type ProgramCache } from "../cachedIn.ts";
import { typeOf, zeros } from "../zeros.ts";
import { activeIn, loopActivity } from "./activity.ts";

let known: WeakMap<Program, boolean> | undefined;

/** Whether a program has custom rules in it. */
export function hasRules(program: Program): boolean {
  known ??= new WeakMap();
  let found = known.get(program);
  if (found === undefined) known.set(program, (found = program.equations.some(hasRule)));
  return found;
}

function hasRule(equation: Equation): boolean {
  return isEquation(equation, "derived")
    ? equation.params.hasRule
    : innerPrograms(equation).some(hasRules);
}

/** Which values have a tangent, in the derivative that was taken and in an earlier one that is still to be taken of the result. */
interface Masks {
  readonly now: readonly boolean[];
  readonly before: readonly boolean[];
}

/** The masks of the inputs of each equation of a program. */
function masksIn(program: Program, { now, before }: Masks): (equation: Equation) => Masks {
  const [active, stays] = [activeIn(program, now), activeIn(program, before)];
  const maskOf = (marks: Uint8Array, { inputs }: Equation): boolean[] =>
    inputs.map((atom) => isVariable(atom) && marks[atom.id] === 1);
  return (equation) => ({ now: maskOf(active, equation), before: maskOf(stays, equation) });
}

/** The programs that an equation runs, each with the masks of its inputs. */
function innerMasks(equation: Equation, masks: Masks): readonly (readonly [Program, Masks])[] {
  if (isEquation(equation, "call")) return [[equation.params.program, masks]];
  if (isEquation(equation, "cond")) {
    const operands = { now: masks.now.slice(1), before: masks.before.slice(1) };
    return equation.params.branches.map((branch) => [branch, operands]);
  }
  if (!isEquation(equation, "loop")) return [];
  const [now, before] = [masks.now, masks.before].map(
    (mask) => loopActivity(equation.params, mask).inMask,
  );
  return [[equation.params.body, { now: now!, before: before! }]];
}

/** Whether something else goes on in place of an equation. */
function isReached(equation: Equation, masks: Masks): boolean {
  if (!masks.now.includes(true) || !hasRule(equation)) return false;
  if (equation.primitive === "derived") return !masks.before.includes(true);
  return innerMasks(equation, masks).some(([program, { now, before }]) =>
    reachesRule(program, now, before),
  );
}

/**
 * Whether a tangent comes to a custom rule in a program.
 *
 * @param now - Which inputs have a tangent.
 * @param before - Rules that these inputs reach are not counted.
 */
export function reachesRule(
  program: Program,
  now: readonly boolean[],
  before: readonly boolean[] = now.map(() => false),
): boolean {
  if (!hasRules(program)) return false;
  const masksOf = masksIn(program, { now, before });
  return program.equations.some((equation) => isReached(equation, masksOf(equation)));
}

let cache: ProgramCache<Program> | undefined;

/**
 * What goes on in place of a program after it was differentiated: one of the same inputs and outputs, which has the values of
 * its custom rules. A program in which no tangent comes to a rule goes on as it is.
 *
 * @param now - Which inputs have a tangent.
 * @param before - Which had one in an earlier derivative, of which this program is still to be taken: the rules that
 * those reach stay.
 */
export function afterRules(
  program: Program,
  now: readonly boolean[],
  before: readonly boolean[] = now.map(() => false),
): Program {
  if (!hasRules(program)) return program;
  cache ??= new WeakMap();
  return cachedIn(cache, program, `${maskKey(now)} ${maskKey(before)}`, () =>
    reachesRule(program, now, before) ? rewrite(program, { now, before }) : program,
  );
}

function rewrite(program: Program, masks: Masks): Program {
  const masksOf = masksIn(program, masks);
  return traceProgram(program.inputs, (...inputs) => {
    const values: Tensor[] = Array.from({ length: program.numVariables });
    for (const [i, { id }] of program.inputs.entries()) values[id] = inputs[i]!;
    const read = (atom: Atom): Tensor => (isVariable(atom) ? values[atom.id]! : atom);
    for (const equation of program.equations) {
      const operands = equation.inputs.map(read);
      const mine = masksOf(equation);
      const outputs = isReached(equation, mine)
        ? outputsAfter(equation, operands, mine)
        : apply(equation.primitive, operands, equation.params);
      for (const [i, { id }] of equation.outputs.entries()) values[id] = outputs[i]!;
    }
    return program.outputs.map(read);
  }).program;
}

/** The outputs that go on in place of those of an equation. */
function outputsAfter(
  equation: Equation,
  inputs: readonly Tensor[],
  masks: Masks,
): readonly Tensor[] {
  if (isEquation(equation, "derived")) return outputsOfDerived(equation, inputs, masks.now);
  const [first, ...rest] = innerMasks(equation, masks).map(([program, { now, before }]) =>
    afterRules(program, now, before),
  ) as [Program, ...Program[]];
  if (isEquation(equation, "cond")) return apply("cond", inputs, { branches: [first, ...rest] });
  return isEquation(equation, "loop")
    ? apply("loop", inputs, { ...equation.params, body: first })
    : apply("call", inputs, { ...(equation as Equation<"call">).params, program: first });
}

function outputsOfDerived(
  { params }: Equation<"derived">,
  inputs: readonly Tensor[],
  mask: readonly boolean[],
): readonly Tensor[] {
  if (params.jvp === null) return spliceProgram(afterRules(params.expand(), mask), inputs);
  // Tangents are only there to be counted: the outputs do not depend on them.
  const tangents = inputs.map((x, i) => (mask[i] ? zeros(typeOf(x)) : null));
  return params.jvp(inputs, tangents, null).outputs ?? apply("derived", inputs, params);
}
