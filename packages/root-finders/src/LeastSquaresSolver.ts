import type { Tensor } from "@diffrax-ts/pytree";
import type { IterativeSolver } from "./IterativeSolver.ts";

/** An iteration that makes `½ Σ fn(y)²` as small as it can. */
export interface LeastSquaresSolver<State = unknown> extends IterativeSolver<State> {
  readonly solves: "leastSquares";
  /** `fn` at the `y` of a state: its leaves one after the other. */
  residual(state: State): Tensor;
}
