// What Newton's method has in common with that of Chord.
import {
  add,
  div,
  equal,
  greater,
  greaterEqual,
  isFinite,
  less,
  logicalAnd,
  logicalNot,
  logicalOr,
  maximum,
  minimum,
  mul,
  sub,
  where,
} from "@diffrax-ts/array";
import { AutoLinearSolver, type LinearSolver } from "@diffrax-ts/linear-solvers";
import { scalarTensor } from "@diffrax-ts/program";
import { resultTensor, type Tree } from "@diffrax-ts/protocol";
import { checkOptions, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { checkKappa, checkLinearSolver } from "./checkSolverOptions.ts";
import { newtonStep, resolution } from "./newtonStep.ts";
import { isWithinTolerances, scaledSize } from "../isWithinTolerances.ts";
import type { Bounds, IterationStep, Problem, Termination } from "../IterativeSolver.ts";
import type { RootFinder } from "../RootFinder.ts";
import { checkTolerances, type OwnTolerances } from "../tolerances.ts";
import { difference, dtypeOf, mapTree } from "../trees.ts";

/** Options of `Newton` and of `Chord`. */
export interface NewtonOptions extends Partial<OwnTolerances> {
  /** With `cauchyTermination: false`, how much of the tolerance the error of the root may be. @defaultValue 0.01 */
  readonly kappa?: number;
  /** Solves linear systems with the derivative. @defaultValue `AutoLinearSolver({ wellPosed: true })` */
  readonly linearSolver?: LinearSolver;
  /**
   * `true`: it ends when both the last step and `fn` are within the tolerances, `atol` alone for `fn`. `false`: when the rate of convergence says that the root
   * is, and it fails if it diverges, as in solvers of differential equations. @defaultValue true
   */
  readonly cauchyTermination?: boolean;
}

/** What is carried from step to step. */
export interface NewtonState {
  /** Of the last step, over the tolerance. */
  readonly size: Scalar;
  /** Of the one before. */
  readonly sizeBefore: Scalar;
  /** Whether step and function are within the tolerances. */
  readonly isClose: Tensor;
  readonly numSteps: Tensor;
  /** Of the linear solve. */
  readonly result: Tensor;
}

/** `Newton` or `Chord`. */
export interface NewtonChord extends RootFinder<NewtonState> {
  readonly bounds: readonly ["lower", "upper"];
  readonly kappa: number;
  readonly linearSolver: LinearSolver;
  readonly cauchyTermination: boolean;
}

/** Options with their defaults. */
export type CompleteNewtonOptions = Required<NewtonOptions> & Pick<NewtonChord, "bounds">;

/** @throws TypeError or RangeError for an option that makes no sense. */
export function completeNewtonOptions(name: string, options: NewtonOptions): CompleteNewtonOptions {
  const {
    rtol = null,
    atol = null,
    norm = null,
    kappa = 1e-2,
    linearSolver = AutoLinearSolver({ wellPosed: true }),
    cauchyTermination = true,
  } = checkOptions(name, options, [
    "rtol",
    "atol",
    "norm",
    "kappa",
    "linearSolver",
    "cauchyTermination",
  ]);
  return {
    ...checkTolerances(name, { rtol, atol, norm }),
    kappa: checkKappa(name, kappa),
    linearSolver: checkLinearSolver(name, linearSolver),
    cauchyTermination,
    bounds: ["lower", "upper"],
  };
}

export function init(_problem: Problem, y: Tree): NewtonState {
  const dtype = dtypeOf(y);
  return {
    size: scalarTensor(dtype, Infinity),
    sizeBefore: scalarTensor(dtype, 1),
    isClose: scalarTensor("bool", 0),
    numSteps: scalarTensor("int32", 0),
    result: resultTensor("successful"),
  };
}

/** A step with what the linear solver knows of the derivative. */
export function stepWith(
  { linearSolver, cauchyTermination }: NewtonChord,
  problem: Problem,
  factors: unknown,
  y: Tree,
  state: NewtonState,
): IterationStep<NewtonState> {
  const { options } = problem;
  const found = newtonStep(problem, linearSolver, factors, y);
  const free = difference(y, found.diff);
  const next = clipped(free, options);
  const diff = next === free ? found.diff : difference(y, next);
  const numSteps = add(state.numSteps, 1);
  const rest = { numSteps, result: found.result };
  if (cauchyTermination) {
    const isClose = isWithinTolerances(problem, { y, yDiff: diff, f: found.f, fDiff: null });
    return { y: next, state: { ...state, ...rest, isClose } };
  }
  const size = scaledSize(problem, diff, next);
  return { y: next, state: { ...state, ...rest, size, sizeBefore: state.size } };
}

/** A tree within bounds. */
function clipped(y: Tree, { lower, upper }: Bounds): Tree {
  const above = lower === undefined ? y : mapTree((x, low) => maximum(x, low), y, lower);
  return upper === undefined ? above : mapTree((x, high) => minimum(x, high), above, upper);
}

export function terminate(
  this: NewtonChord,
  _problem: Problem,
  y: Tree,
  { size, sizeBefore, isClose, numSteps, result }: NewtonState,
): Termination {
  const isSolved = equal(result, resultTensor("successful"));
  if (this.cauchyTermination)
    return { terminate: logicalOr(isClose, logicalNot(isSolved)), result };
  const hasRate = greaterEqual(numSteps, 2);
  const rate = div(size, sizeBefore);
  const remaining = div(mul(size, rate), sub(1, rate)); //                      Θ / (1 - Θ) ‖Δ‖
  const isSmall = less(size, resolution(dtypeOf(y)));
  const isDiverging = logicalOr(logicalNot(isFinite(rate)), greater(rate, 2));
  const isConverged = logicalAnd(greater(remaining, 0), less(remaining, this.kappa));
  const isDone = logicalOr(isSmall, logicalOr(isDiverging, isConverged));
  const isFailed = logicalAnd(hasRate, logicalAnd(logicalNot(isSmall), isDiverging));
  const own = where(isFailed, resultTensor("nonlinearDivergence"), resultTensor("successful"));
  return {
    terminate: logicalOr(logicalAnd(hasRate, isDone), logicalNot(isSolved)),
    result: where(isSolved, own, result),
  };
}
