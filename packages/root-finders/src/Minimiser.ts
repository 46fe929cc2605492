import type { IterativeSolver } from "./IterativeSolver.ts";

/** An iteration that makes a scalar function as small as it can. */
export interface Minimiser<State = unknown> extends IterativeSolver<State> {
  readonly solves: "minimum";
}
