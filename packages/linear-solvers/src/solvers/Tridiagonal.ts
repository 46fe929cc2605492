import { part, type Tensor } from "@diffrax-ts/pytree";
import { bandRowsOf, requireBand } from "../band.ts";
import type { Bandwidth } from "../Bandwidth.ts";
import { requireSquare } from "../flat.ts";
import { factorBand, solveBand, solveBandTransposed } from "../kernels/bandedLU.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearSolver, LinearStep } from "../LinearSolver.ts";
import { isTridiagonal } from "../properties.ts";
import type { BandedLUState } from "./BandedLU.ts";

/** Elimination within three diagonals. */
export interface Tridiagonal extends LinearSolver<BandedLUState> {
  readonly kind: "Tridiagonal";
}

const three: Bandwidth = { lower: 1, upper: 1 };

/**
 * Gaussian elimination with partial pivoting for operators that are marked as `"tridiagonal"`: about `20 n` operations.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { linearSolve, Tridiagonal, TridiagonalLinearOperator } from "@diffrax-ts/linear-solvers";
 *
 * const operator = TridiagonalLinearOperator(tensor([2, 2, 2]), tensor([1, 1]), tensor([1, 1]));
 * linearSolve(operator, tensor([3, 4, 3]), { solver: Tridiagonal() }).value.toArray();
 * // → [1, 1, 1]
 * ```
 */
export function Tridiagonal(): Tridiagonal {
  return part("Tridiagonal", { init, transpose, compute, check });
}

function init(operator: LinearOperator): BandedLUState {
  requireSquare("Tridiagonal", operator);
  if (!isTridiagonal(operator)) {
    throw new TypeError(
      `Tridiagonal: the operator (${operator.kind}) is not marked as tridiagonal; if it is, say so with tags: "tridiagonal"`,
    );
  }
  return {
    factors: factorBand(bandRowsOf("Tridiagonal", operator, three), three),
    isTransposed: false,
  };
}

function transpose({ factors, isTransposed }: BandedLUState): BandedLUState {
  return { factors, isTransposed: !isTransposed };
}

function compute({ factors, isTransposed }: BandedLUState, vector: Tensor): LinearStep {
  return { value: (isTransposed ? solveBandTransposed : solveBand)(factors, vector) };
}

function check(operator: LinearOperator): void {
  if (isTridiagonal(operator)) requireBand("Tridiagonal", operator, three);
}
