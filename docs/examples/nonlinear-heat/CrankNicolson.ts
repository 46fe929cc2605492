import { add, mul, sub, where } from "@diffrax-ts/array";
import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
import {
  isOkay,
  type Solver,
  solver,
  type SolverStep,
  type SolverStepResult,
  type Term,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import { rootFind, type RootFinder, VeryChord } from "@diffrax-ts/root-finders";
import type { Scalar } from "@diffrax-ts/pytree";

/** The Crank–Nicolson method. */
export interface CrankNicolson extends Solver<null, "term"> {
  readonly rootFinder: RootFinder;
}

/**
 * The Crank–Nicolson method, or trapezoidal rule, `y₁ = y₀ + ½ (f(t₀, y₀) + f(t₁, y₁)) Δt`: order 2, with the explicit method of Euler
 * to compare it with. Between the steps it is the cubic with the slopes of both ends.
 *
 * @param rootFinder - Solves for `y₁`, to the tolerances of the step size controller where it has none of its own.
 */
export function CrankNicolson(rootFinder: RootFinder = VeryChord()): CrankNicolson {
  const interpolation = thirdOrderHermitePolynomialInterpolation;
  return solver("examples/CrankNicolson", { order: 2 }, { interpolation, rootFinder, step });
}

/** What the equation of a step is about. */
interface Known {
  readonly term: Term;
  readonly t1: Scalar;
  readonly y0: Tree;
  readonly k0: Tree;
  readonly control: Tree;
  readonly args: unknown;
}

/** `y₁ - y₀ - ½ (k₀ + k₁)`, which is zero for the solution. */
function equation(y1: Tree, { term, t1, y0, k0, control, args }: Known): Tree {
  const k1 = term.vfProd(t1, y1, args, control);
  return treeMap((y, from, a, b) => sub(sub(y, from), mul(add(a, b), 0.5)), y1, y0, k0, k1);
}

function step(
  this: CrankNicolson,
  term: Term,
  { t0, t1, y0, args, tolerances }: SolverStep<null>,
): SolverStepResult<null> {
  const control = term.contr(t0, t1);
  const k0 = term.vfProd(t0, y0, args, control);
  const euler = treeMap((y, k) => add(y, k), y0, k0);
  const { value: y1, result } = rootFind(equation, this.rootFinder, euler, {
    args: { term, t1, y0, k0, control, args },
    tolerances,
    maxSteps: 10,
    throw: false,
  });
  // A step whose equation was not solved is tried again, shorter.
  const yError = treeMap((a, b) => where(isOkay(result), sub(a, b), Infinity), y1, euler);
  const k1 = treeMap((a, b, k) => sub(mul(sub(a, b), 2), k), y1, y0, k0); // as the equation says
  return { y1, yError, denseInfo: { y0, y1, k: [k0, k1] }, solverState: null, result };
}
