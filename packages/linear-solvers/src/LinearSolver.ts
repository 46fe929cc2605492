import type { Part, Tensor } from "@diffrax-ts/pytree";

/**
 * A method for `A x = b`. What depends on the matrix alone is done once, by `init`; each vector then takes a `compute`.
 *
 * Its functions stand at module level and read their data from `this`. Nothing in them is differentiated: `linearSolve` knows
 * the derivative of the solution, whatever the method.
 */
export interface LinearSolver<State = unknown> extends Part {
  /**
   * What it has to know of the matrix, a factorisation for example: a tree of tensors.
   *
   * @param matrix - `[n, n]`, of floats, with `n` at least 1.
   */
  init(matrix: Tensor): State;
  /** The same for the transposed matrix, from what it knows of the matrix. */
  transpose(state: State): State;
  /**
   * The solution for one vector. Without one it must not be finite: `linearSolve` goes by that.
   *
   * @param vector - `[n]`, with the dtype of the matrix.
   */
  compute(state: State, vector: Tensor): LinearStep;
}

/** What a linear solver gives for one vector. */
export interface LinearStep {
  /** `x`, `[n]`. */
  readonly value: Tensor;
}
