import { reshape, slice } from "@diffrax-ts/array";
import type { Tensor } from "@diffrax-ts/pytree";
import { bandRowsOf, bandwidthOf } from "./band.ts";
import { requireSquare } from "./flat.ts";
import { bandOfMatrix } from "./kernels/band.ts";
import type { Bandwidth } from "./Bandwidth.ts";
import type { LinearOperator } from "./LinearOperator.ts";

/** Three diagonals of a matrix. */
export interface Tridiagonals {
  /** `A[i, i]`, `[n]`. */
  readonly diagonal: Tensor;
  /** `A[i + 1, i]`, `[n - 1]`. */
  readonly lowerDiagonal: Tensor;
  /** `A[i, i + 1]`, `[n - 1]`. */
  readonly upperDiagonal: Tensor;
}

/**
 * The diagonal of a square operator, `[n]`, found with as little work as what is known of the operator allows.
 */
export function diagonal(operator: LinearOperator): Tensor {
  const rows = middle("diagonal", operator, { lower: 0, upper: 0 });
  return reshape(rows, [rows.length]);
}

/** The diagonal of a square operator and the two beside it. */
export function tridiagonal(operator: LinearOperator): Tridiagonals {
  const rows = middle("tridiagonal", operator, { lower: 1, upper: 1 });
  return {
    lowerDiagonal: slice(rows, [1, null], 0),
    diagonal: slice(rows, null, 1),
    upperDiagonal: slice(rows, [null, -1], 2),
  };
}

/** Some diagonals of an operator that may have more. */
function middle(name: string, operator: LinearOperator, wanted: Bandwidth): Tensor {
  requireSquare(name, operator);
  const own = bandwidthOf(operator);
  if (own === null) return bandOfMatrix(operator.asMatrix(), wanted);
  const lower = Math.max(own.lower, wanted.lower);
  const upper = Math.max(own.upper, wanted.upper);
  const rows = bandRowsOf(name, operator, { lower, upper });
  return slice(rows, null, [lower - wanted.lower, lower + wanted.upper + 1]);
}
