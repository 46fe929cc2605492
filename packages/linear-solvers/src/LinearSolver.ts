import type { Part, Tensor } from "@diffrax-ts/pytree";
import type { LinearOperator } from "./LinearOperator.ts";

/**
 * A method for `A x = b`. What depends on the operator alone is done once, by `init`; each vector then takes a `compute`.
 *
 * Vectors are tensors `[n]`: of a tree its leaves one after the other, as the matrix of the operator has them.
 *
 * Its functions stand at module level and read their data from `this`. Nothing in them is differentiated: `linearSolve` knows
 * the derivative of the solution, whatever the method.
 */
export interface LinearSolver<State = unknown> extends Part {
  /**
   * What it has to know of the operator: a factorisation, which is a tree of tensors, or the operator itself. For operators of one structure it
   * always has the same structure, so that loops can carry it.
   *
   * @throws TypeError for an operator that is not of the kind that it solves.
   */
  init(operator: LinearOperator, options?: LinearSolverInputs): State;
  /** The same for the transposed operator, from what it knows of the operator. */
  transpose(state: State): State;
  /**
   * The solution for one vector. Without one, the value must not be finite or the result says why.
   *
   * @param vector - `[m]`, with the dtype of the operator.
   */
  compute(state: State, vector: Tensor, options?: LinearSolverInputs): LinearStep;
  /** Whether it asks for products with the operator and never for its matrix, so that making that first would be in vain. @defaultValue false */
  isIterative?(): boolean;
  /** Whether it solves for operators of full rank only. If not, derivatives take two more solves. @defaultValue true */
  assumeFullRank?(): boolean;
  /** Refuses an operator by its numbers, before anything is traced: called if they are known, once for each solve. */
  check?(operator: LinearOperator): void;
}

/** What iterative methods can be given beside the system. */
export interface LinearSolverInputs {
  /** An operator that is close to the inverse. */
  readonly preconditioner?: LinearOperator;
  /** Where to start, `[n]`. */
  readonly y0?: Tensor;
}

/** What a linear solver gives for one vector. */
export interface LinearStep {
  /** `x`, `[n]`. */
  readonly value: Tensor;
  /** How it ended: an int32 scalar as `linearResultCode` gives it. @defaultValue `"successful"` */
  readonly result?: Tensor;
  /** Scalars that say how it went, such as `numSteps`. @defaultValue none */
  readonly stats?: Readonly<Record<string, Tensor>>;
}
