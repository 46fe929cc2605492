import {
  type Equation,
  innerPrograms,
  isControl,
  isEquation,
  type Named,
  type Primitive,
  type Program,
  sizeOf,
  spliceProgram,
  traceProgram,
  type Type,
} from "@diffrax-ts/program";
import { hasMarked, mark, neededFor, withOutputs } from "./prune.ts";

/** The derivative of the body of a loop, cut at what takes long to compute. */
export interface Residuals {
  /** `(...inputs of the body) => (...outputs of the body, ...residuals)`. */
  readonly forward: Program;
  /** `(...inputs of the body, ...cotangents, ...residuals) => (...cotangents)`. */
  readonly back: Program;
  /** The types of the residuals. */
  readonly made: readonly Type[];
  /** What made them. */
  readonly madeBy: readonly Primitive[];
}

/** Fewer elements are computed again: to write and to read a row takes as long. */
const fewestElements = 32;
/** A contraction, or a sum, over fewer elements takes no longer than to write its result and to read it. */
const shortContraction = 8;

/**
 * What a turn takes long to compute and its derivative reads: it is remembered, and not computed again. A root that Newton's method found
 * is a few numbers, and many evaluations; an element of a product of matrices, or of an elementary function of an array, takes several
 * times as long to compute as to write and to read; a norm, which says whether a step is taken, is one number made of a whole array. What is made of those element by element, such as `1 - tanh²`, is computed again
 * where it is read.
 *
 * Loops that are differentiated themselves are left as they are, since their derivative makes them once more in any case.
 *
 * @param vjp - `(...inputs, ...cotangents) => (...outputs, ...cotangents of inputs)`.
 * @param body - Of which it is the derivative.
 * @returns `null` if there is nothing of the kind.
 */
export function residualsOf(vjp: Program, { inputs, outputs }: Program): Residuals | null {
  if (!vjp.equations.some(mayTakeLong)) return null;
  const own = vjp.inputs.slice(0, inputs.length);
  const values = vjp.outputs.slice(0, outputs.length);
  const gradients = vjp.outputs.slice(outputs.length);
  const isBack = dependents(vjp, vjp.inputs.slice(inputs.length));
  const isThere = neededFor(vjp, values);
  const there = vjp.equations.filter((equation) => !hasMarked(equation.inputs, isBack));
  const long = new Set(
    there.filter(
      (equation) =>
        hasMarked(equation.outputs, isThere) &&
        !equation.outputs.some(({ buffer }) => buffer) &&
        (hasLoop(equation) || takesLong(equation)) &&
        !isDifferentiated(vjp, equation),
    ),
  );
  if (long.size === 0) return null;

  const others = vjp.equations.filter((equation) => !long.has(equation));
  const back = withOutputs({ ...vjp, equations: others }, gradients);
  const isRead = neededFor(back, gradients);
  const made: Named[] = [];
  const madeBy: Primitive[] = [];
  for (const { primitive, outputs: results } of long)
    for (const result of results)
      if (isRead[result.id] === 1) {
        made.push(result);
        madeBy.push(primitive);
      }
  if (made.length === 0) return null;
  // Traced again, so that what no output comes from is left out, but for assertions.
  const turn = { ...vjp, inputs: own, outputs: [...values, ...made], equations: there };
  return {
    forward: traceProgram(own, (...given) => spliceProgram(turn, given)).program,
    back: { ...back, inputs: [...back.inputs, ...made] },
    made,
    madeBy,
  };
}

/** By variable id: 1 for what depends on some inputs. */
function dependents({ equations, numVariables }: Program, from: readonly Named[]): Uint8Array {
  const found = new Uint8Array(numVariables);
  mark(found, from);
  for (let i = 0; i < equations.length; i++) {
    const { inputs, outputs } = equations[i]!;
    if (hasMarked(inputs, found)) mark(found, outputs);
  }
  return found;
}

/** Whether the derivative of this equation stands in the program, and is made together with it. */
function isDifferentiated({ equations }: Program, partner: Equation): boolean {
  return equations.some(
    (equation) =>
      isEquation(equation, "derived") && equation.params.pair?.isPartner(partner) === true,
  );
}

/** Whether each element of an array takes longer to compute than to write and to read. */
function takesLong(equation: Equation): boolean {
  const { params, inputs, outputs } = equation;
  if (outputs.length !== 1) return false;
  const { shape } = outputs[0]!;
  if (equation.primitive.startsWith("reduce")) {
    const read = sizeOf(inputs[0]!.shape);
    return read >= fewestElements && read >= shortContraction * sizeOf(shape);
  }
  if (shape.length === 0 || sizeOf(shape) < fewestElements) return false;
  if (!isEquation(equation, "dotGeneral")) return "define" in params;
  const [axes] = equation.params.contract;
  return sizeOf(axes.map((axis) => inputs[0]!.shape[axis]!)) >= shortContraction;
}

/** What is derived is looked into only where nothing else rules it out: it is expanded for that. */
function mayTakeLong(equation: Equation): boolean {
  const { primitive } = equation;
  return (
    primitive === "derived" || takesLong(equation) || (isControl(primitive) && hasLoop(equation))
  );
}

let known: WeakMap<Program, boolean> | undefined;

/** Whether an equation takes as long as a loop. */
function hasLoop(equation: Equation): boolean {
  if (isEquation(equation, "loop")) return true;
  const programs = isEquation(equation, "derived")
    ? [equation.params.expand()]
    : innerPrograms(equation);
  known ??= new WeakMap();
  return programs.some((program) => {
    let found = known!.get(program);
    if (found === undefined) known!.set(program, (found = program.equations.some(hasLoop)));
    return found;
  });
}
