import type { Atom, Named } from "./Atom.ts";
import type { ParamsOf, Primitive } from "./primitives.ts";

/** `outputs = primitive(inputs; params)`. */
export interface Equation<P extends Primitive = Primitive> {
  readonly primitive: P;
  readonly inputs: readonly Atom[];
  readonly params: ParamsOf<P>;
  readonly outputs: readonly Named[];
}

/**
 * A function as data: typed values in single assignment.
 *
 * Each variable is the output of one equation or an input, and every equation reads only what stands before
 * it. `format` tells copies of the library with other rules apart.
 */
export interface Program {
  readonly format: 1;
  readonly inputs: readonly Named[];
  readonly equations: readonly Equation[];
  readonly outputs: readonly Atom[];
  /** The ids of its variables are below this. */
  readonly numVariables: number;
}

/** The programs that an equation runs. One that is derived makes its own when it is expanded. */
export function innerPrograms(equation: Equation): readonly Program[] {
  const { primitive } = equation;
  if (primitive !== "loop" && primitive !== "cond" && primitive !== "call") return none;
  if (isEquation(equation, "loop")) {
    const { body, cond } = equation.params;
    return cond === null ? [body] : [cond, body];
  }
  if (isEquation(equation, "cond")) return equation.params.branches;
  return isEquation(equation, "call") ? [equation.params.program] : none;
}

/** One for the many equations that run nothing. */
const none: readonly Program[] = [];

/** Whether an equation is of one primitive, for the type checker. */
export function isEquation<P extends Primitive>(
  equation: Equation,
  primitive: P,
): equation is Equation & Equation<P> {
  return equation.primitive === primitive;
}
