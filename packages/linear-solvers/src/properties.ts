import { inSize, outSize } from "./flat.ts";
import type { LinearOperator } from "./LinearOperator.ts";

/** Whether an operator is marked as symmetric: `A = Aᵀ`. */
export function isSymmetric(operator: LinearOperator): boolean {
  return operator.has("symmetric");
}

/** Whether an operator is marked as zero off its diagonal. One of a single element always is. */
export function isDiagonal(operator: LinearOperator): boolean {
  return operator.has("diagonal") || (inSize(operator) === 1 && outSize(operator) === 1);
}

/** Whether an operator is marked as zero but for the diagonal and its two neighbours. */
export function isTridiagonal(operator: LinearOperator): boolean {
  return operator.has("tridiagonal");
}

/** Whether an operator is marked as having ones on its diagonal. */
export function hasUnitDiagonal(operator: LinearOperator): boolean {
  return operator.has("unitDiagonal");
}

/** Whether an operator is marked as zero above its diagonal. */
export function isLowerTriangular(operator: LinearOperator): boolean {
  return operator.has("lowerTriangular");
}

/** Whether an operator is marked as zero below its diagonal. */
export function isUpperTriangular(operator: LinearOperator): boolean {
  return operator.has("upperTriangular");
}

/** Whether an operator is marked as symmetric with `x · A x >= 0`. */
export function isPositiveSemidefinite(operator: LinearOperator): boolean {
  return operator.has("positiveSemidefinite");
}

/** Whether an operator is marked as symmetric with `x · A x <= 0`. */
export function isNegativeSemidefinite(operator: LinearOperator): boolean {
  return operator.has("negativeSemidefinite");
}
