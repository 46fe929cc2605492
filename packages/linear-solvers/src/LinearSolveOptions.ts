import type { LinearSolver } from "./LinearSolver.ts";

/** Options of `linearSolve`. */
export interface LinearSolveOptions {
  /** The method. @defaultValue `LU()` */
  readonly solver?: LinearSolver;
  /** Whether a solve that fails throws. If not, `result` says what happened. @defaultValue true */
  readonly throw?: boolean;
}
