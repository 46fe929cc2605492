import {
  abs,
  greater,
  logicalNot,
  max,
  mul,
  neg,
  sub,
  transpose as transposed,
} from "@diffrax-ts/array";
import { part, type Tensor } from "@diffrax-ts/pytree";
import { requireSquare } from "../flat.ts";
import { choleskyFactor } from "../kernels/cholesky.ts";
import { solveTriangle } from "../kernels/triangular.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearSolver, LinearStep } from "../LinearSolver.ts";
import { requireTrue } from "../requireTrue.ts";
import { isNegativeSemidefinite, isPositiveSemidefinite } from "../properties.ts";

/** The Cholesky factorisation. */
export interface Cholesky extends LinearSolver<CholeskyState> {
  readonly kind: "Cholesky";
}

/** `A = Uᵀ U`, or `-A` if it is negative. */
export interface CholeskyState {
  readonly upper: Tensor;
  readonly isNegative: boolean;
}

/**
 * The Cholesky factorisation `A = Uᵀ U`, for operators that are marked as `"positiveSemidefinite"` or `"negativeSemidefinite"` and have an inverse:
 * half the work of `LU`, and no pivots. For an operator that is not definite the result is `singular`.
 *
 * @see Higham (2002), Accuracy and Stability of Numerical Algorithms, chapter 10, doi:10.1137/1.9780898718027
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { Cholesky, linearSolve, MatrixLinearOperator } from "@diffrax-ts/linear-solvers";
 *
 * const operator = MatrixLinearOperator(tensor([[4, 2], [2, 2]]), { tags: "positiveSemidefinite" });
 * linearSolve(operator, tensor([6, 4]), { solver: Cholesky() }).value.toArray();
 * // → [1, 1]
 * ```
 */
export function Cholesky(): Cholesky {
  return part("Cholesky", { init, transpose, compute, check });
}

function init(operator: LinearOperator): CholeskyState {
  requireSquare("Cholesky", operator);
  const isNegative = isNegativeSemidefinite(operator);
  if (!isNegative && !isPositiveSemidefinite(operator)) {
    throw new TypeError(
      `Cholesky: the operator (${operator.kind}) is not marked as definite; if it is, say so with tags: "positiveSemidefinite" or "negativeSemidefinite"`,
    );
  }
  const matrix = operator.asMatrix();
  return { upper: choleskyFactor(isNegative ? neg(matrix) : matrix), isNegative };
}

/** The matrix is symmetric. */
function transpose(state: CholeskyState): CholeskyState {
  return state;
}

function compute({ upper, isNegative }: CholeskyState, vector: Tensor): LinearStep {
  const y = solveTriangle(transposed(upper), vector, { isLower: true });
  const x = solveTriangle(upper, y, { isLower: false });
  return { value: isNegative ? neg(x) : x };
}

function check(operator: LinearOperator): void {
  // `init` refuses one that is not marked, and a matrix has been held against its tags when its operator was made.
  const isMarked = isPositiveSemidefinite(operator) || isNegativeSemidefinite(operator);
  if (!isMarked || operator.kind === "MatrixLinearOperator") return;
  requireTrue(
    "Cholesky",
    isSymmetricMatrix,
    [operator],
    `Cholesky: the operator (${operator.kind}) is not symmetric, as one that is marked as definite has to be; leave the tag out`,
  );
}

/** By half of the digits, as for matrices that are known: the factorisation looks at one triangle alone. */
function isSymmetricMatrix(operator: LinearOperator): Tensor {
  const matrix = operator.asMatrix();
  const off = max(abs(sub(matrix, transposed(matrix))));
  const digits = matrix.dtype === "float64" ? 2 ** -26 : 2 ** -12;
  return logicalNot(greater(off, mul(max(abs(matrix)), digits)));
}
