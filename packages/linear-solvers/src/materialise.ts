import type { LinearOperator } from "./LinearOperator.ts";

/**
 * The same operator, by its numbers. A `JacobianLinearOperator` or `FunctionLinearOperator` becomes a matrix, or as many diagonals as it is declared
 * to have; others come back as they are.
 */
export function materialise<In, Out>(operator: LinearOperator<In, Out>): LinearOperator<In, Out> {
  return operator.materialise?.() ?? operator;
}
