import { transpose as transposed } from "@diffrax-ts/array";
import { part, type Tensor } from "@diffrax-ts/pytree";
import { requireSquare } from "../flat.ts";
import { solveTriangle } from "../kernels/triangular.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearSolver, LinearStep } from "../LinearSolver.ts";
import { hasUnitDiagonal, isLowerTriangular, isUpperTriangular } from "../properties.ts";

/** Substitution. */
export interface Triangular extends LinearSolver<TriangularState> {
  readonly kind: "Triangular";
}

/** The matrix, and which triangle of it counts. */
export interface TriangularState {
  readonly matrix: Tensor;
  readonly isLower: boolean;
  readonly isUnit: boolean;
}

/**
 * Substitution, for operators that are marked as `"lowerTriangular"` or `"upperTriangular"`. It takes `n²` operations for a vector. A diagonal marked
 * as `"unitDiagonal"` is not looked at. A zero on the diagonal is divided by, which makes the solution infinite or not a number.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { linearSolve, MatrixLinearOperator, Triangular } from "@diffrax-ts/linear-solvers";
 *
 * const operator = MatrixLinearOperator(tensor([[2, 0], [1, 4]]), { tags: "lowerTriangular" });
 * linearSolve(operator, tensor([2, 9]), { solver: Triangular() }).value.toArray();
 * // → [1, 2]
 * ```
 */
export function Triangular(): Triangular {
  return part("Triangular", { init, transpose, compute });
}

function init(operator: LinearOperator): TriangularState {
  requireSquare("Triangular", operator);
  const isLower = isLowerTriangular(operator);
  if (!isLower && !isUpperTriangular(operator)) {
    throw new TypeError(
      `Triangular: the operator (${operator.kind}) is not marked as triangular; if it is, say so with tags: "lowerTriangular" or "upperTriangular"`,
    );
  }
  return { matrix: operator.asMatrix(), isLower, isUnit: hasUnitDiagonal(operator) };
}

function transpose({ matrix, isLower, isUnit }: TriangularState): TriangularState {
  return { matrix: transposed(matrix), isLower: !isLower, isUnit };
}

function compute({ matrix, ...options }: TriangularState, vector: Tensor): LinearStep {
  return { value: solveTriangle(matrix, vector, options) };
}
