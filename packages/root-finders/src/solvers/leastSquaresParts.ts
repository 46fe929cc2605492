// What methods for least squares have in common.
import { sub, zeros } from "@diffrax-ts/array";
import { JacobianLinearOperator, type LinearSolver } from "@diffrax-ts/linear-solvers";
import type { Tree } from "@diffrax-ts/protocol";
import { checkOptions, describeValue, type Tensor } from "@diffrax-ts/pytree";
import { isWithinTolerances } from "../isWithinTolerances.ts";
import type { Problem, Termination } from "../IterativeSolver.ts";
import type { LeastSquaresSolver } from "../LeastSquaresSolver.ts";
import { checkTolerances, type OwnTolerances } from "../tolerances.ts";
import { difference, vectorOf } from "../trees.ts";
import { checkLinearSolver } from "./checkSolverOptions.ts";

/** Options of `GaussNewton` and `LevenbergMarquardt`. */
export interface LeastSquaresOptions extends Partial<OwnTolerances> {
  /** Solves the linear least squares problem of a step, `min |J d - r|`. */
  readonly linearSolver?: LinearSolver;
  /**
   * How derivatives are taken: forwards, and the matrix column by column; or backwards, and row by row, which functions with a rule for reverse mode
   * alone need. @defaultValue `"fwd"`, but `"bwd"` with fewer residuals than unknowns
   */
  readonly jac?: "fwd" | "bwd" | null;
}

/** `GaussNewton` or `LevenbergMarquardt`. */
export interface OfGaussNewton<State> extends LeastSquaresSolver<State> {
  readonly linearSolver: LinearSolver;
  readonly jac: "fwd" | "bwd" | null;
}

/** Of the state of either. */
export interface LeastSquaresState {
  /** Where `fn` is evaluated next. */
  readonly yEval: Tree;
  /** `fn` at the last point that was accepted; zeros before. */
  readonly residual: Tensor;
  readonly isDone: Tensor;
  /** Of the linear solve. */
  readonly result: Tensor;
}

/** The names of the options. */
export const leastSquaresNames = ["rtol", "atol", "norm", "linearSolver", "jac"] as const;

/** @throws TypeError or RangeError for an option that makes no sense. */
export function completeLeastSquaresOptions(
  name: string,
  options: LeastSquaresOptions,
  defaultSolver: LinearSolver,
): Required<LeastSquaresOptions> & OwnTolerances {
  const {
    rtol = null,
    atol = null,
    norm = null,
    linearSolver = defaultSolver,
    jac = null,
  } = checkOptions(name, options, leastSquaresNames);
  if (jac !== null && jac !== "fwd" && jac !== "bwd")
    throw new TypeError(`${name}: jac must be "fwd" or "bwd", got ${describeValue(jac)}`);
  return {
    ...checkTolerances(name, { rtol, atol, norm }),
    linearSolver: checkLinearSolver(name, linearSolver),
    jac,
  };
}

/** The derivative of the residuals, `[m, n]`. */
export function jacobianOf(
  { jac }: Pick<OfGaussNewton<unknown>, "jac">,
  { fn }: Problem,
  y: Tree,
): Tensor {
  return JacobianLinearOperator(fn, y, jac === null ? {} : { jac }).asMatrix();
}

/** Residuals of zero, before there are any. */
export function noResidual({ fn }: Problem, y: Tree): Tensor {
  const { shape, dtype } = vectorOf(fn(y));
  return zeros(shape, { dtype });
}

/** Whether a step to where `residual` is was within the tolerances. */
export function isConverged(
  problem: Problem,
  y: Tree,
  { yEval, residual: before }: LeastSquaresState,
  residual: Tensor,
): Tensor {
  const yDiff = difference(yEval, y);
  const fDiff = sub(residual, before);
  return isWithinTolerances(problem, { y: yEval, yDiff, f: residual, fDiff });
}

export function terminate(
  _problem: Problem,
  _y: Tree,
  { isDone, result }: LeastSquaresState,
): Termination {
  return { terminate: isDone, result };
}

export function residual({ residual: last }: LeastSquaresState): Tensor {
  return last;
}
