import {
  abs,
  eye,
  logicalNot,
  greater,
  max,
  mul,
  reshape,
  sub,
  tensor,
  transpose as transposed,
} from "@diffrax-ts/array";
import { part, type Tensor } from "@diffrax-ts/pytree";
import { inSpace, requireSquare } from "../flat.ts";
import { solveTriangle } from "../kernels/triangular.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearSolver, LinearStep } from "../LinearSolver.ts";
import { epsilon } from "../rcond.ts";
import { requireTrue } from "../requireTrue.ts";
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
  return part("Triangular", { init, transpose, compute, check });
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

function check(operator: LinearOperator): void {
  // `init` refuses one that is not marked, and a matrix has been held against its tags when its operator was made.
  const isMarked = isLowerTriangular(operator) || isUpperTriangular(operator);
  if (!isMarked || operator.kind === "MatrixLinearOperator") return;
  const tags = [isLowerTriangular(operator) ? "lowerTriangular" : "upperTriangular"];
  if (hasUnitDiagonal(operator)) tags.push("unitDiagonal");
  requireTrue(
    "Triangular",
    isTriangle,
    [operator],
    `Triangular: the operator (${operator.kind}) holds other numbers than one that is ${tags.join(" and ")}; leave the tags out`,
  );
}

/** Whether what is not looked at is zero, or one on the diagonal, up to the roundings of a derivative. */
function isTriangle(operator: LinearOperator): Tensor {
  const { size: n, dtype } = inSpace(operator);
  const matrix = operator.asMatrix();
  const isLower = isLowerTriangular(operator);
  const isUnit = hasUnitDiagonal(operator);
  const ignored = Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return i === j ? Number(isUnit) : Number(isLower ? j > i : j < i);
  });
  const mask = reshape(tensor(ignored, { dtype }), [n, n]);
  const known = isUnit ? eye(n, { dtype }) : 0;
  const off = max(abs(mul(mask, sub(matrix, known))));
  return logicalNot(greater(off, mul(max(abs(matrix)), 64 * n * epsilon(dtype))));
}
