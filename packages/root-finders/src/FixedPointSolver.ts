import type { IterativeSolver } from "./IterativeSolver.ts";

/** An iteration that solves `fn(y) = y`. */
export interface FixedPointSolver<State = unknown> extends IterativeSolver<State> {
  readonly solves: "fixedPoint";
}
