import type { LinearOperator } from "./LinearOperator.ts";
import type { LinearSolver } from "./LinearSolver.ts";

/** Options of `linearSolve`. */
export interface LinearSolveOptions<In = unknown> {
  /** The method. @defaultValue `AutoLinearSolver({ wellPosed: true })` */
  readonly solver?: LinearSolver;
  /** What iterative solvers can be given. Nothing in it is differentiated. @defaultValue `{}` */
  readonly options?: IterationOptions<In>;
  /**
   * What the solver knows of the operator, from `solver.init(operator)` or from an earlier solution: for many vectors. The operator still counts
   * for derivatives. @defaultValue made anew
   */
  readonly state?: unknown;
  /** Whether a solve that fails throws. If not, `result` says what happened. @defaultValue true */
  readonly throw?: boolean;
}

/** What iterative solvers can be given beside the system. */
export interface IterationOptions<In = unknown> {
  /** An operator that is close to the inverse: the fewer steps, the closer it is. `LSMR` takes none. @defaultValue none */
  readonly preconditioner?: LinearOperator;
  /** A tree like the solution, to start from. @defaultValue zeros */
  readonly y0?: In;
}
