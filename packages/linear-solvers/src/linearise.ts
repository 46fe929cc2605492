import type { LinearOperator } from "./LinearOperator.ts";

/**
 * The same operator, for many products: what these have in common is computed once. Of a `JacobianLinearOperator` that is the value at its
 * point; most others come back as they are.
 */
export function linearise<In, Out>(operator: LinearOperator<In, Out>): LinearOperator<In, Out> {
  return operator.linearise?.() ?? operator;
}
