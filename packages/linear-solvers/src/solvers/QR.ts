import { pad, slice, transpose as transposedMatrix } from "@diffrax-ts/array";
import { part, type Tensor } from "@diffrax-ts/pytree";
import { factorQR, type QRFactors, timesQ, timesTransposedQ } from "../kernels/householder.ts";
import { solveTriangle } from "../kernels/triangular.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearSolver, LinearStep } from "../LinearSolver.ts";

/** The QR factorisation. */
export interface QR extends LinearSolver<QRState> {
  readonly kind: "QR";
}

/** The factors of the matrix; of its transpose if it has more columns than rows. */
export interface QRState {
  readonly factors: QRFactors;
  /** Whether it is solved for the transpose of what was factorised. */
  readonly isTransposed: boolean;
}

/**
 * The factorisation `A = Q R` by Householder reflections: the choice for systems with more equations than unknowns (least squares), or
 * fewer (the shortest solution), of full rank. Without full rank use `SVD`.
 *
 * @see Higham (2002), Accuracy and Stability of Numerical Algorithms, chapters 19 to 21, doi:10.1137/1.9780898718027
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { linearSolve, QR } from "@diffrax-ts/linear-solvers";
 *
 * // The line through (0, 1), (1, 3), (2, 5): 1 + 2 x.
 * const matrix = tensor([[1, 0], [1, 1], [1, 2]]);
 * const [a, b] = linearSolve(matrix, tensor([1, 3, 5]), { solver: QR() }).value;
 * [a.toFixed(12), b.toFixed(12)];
 * // → ["1.000000000000", "2.000000000000"]
 * ```
 */
export function QR(): QR {
  return part("QR", { init, transpose, compute });
}

function init(operator: LinearOperator): QRState {
  const matrix = operator.asMatrix();
  const isTransposed = matrix.shape[0]! < matrix.shape[1]!;
  return { factors: factorQR(isTransposed ? transposedMatrix(matrix) : matrix), isTransposed };
}

function transpose({ factors, isTransposed }: QRState): QRState {
  return { factors, isTransposed: !isTransposed };
}

function compute({ factors, isTransposed }: QRState, vector: Tensor): LinearStep {
  const [n, m] = factors.vectors.shape as [number, number];
  if (isTransposed) {
    const y = solveTriangle(transposedMatrix(factors.upper), vector, { isLower: true });
    return { value: timesQ(factors, pad(y, [[0, m - n]])) }; //             x = Q R⁻ᵀ b
  }
  const y = slice(timesTransposedQ(factors, vector), [0, n]);
  return { value: solveTriangle(factors.upper, y, { isLower: false }) }; //  x = R⁻¹ Qᵀ b
}
