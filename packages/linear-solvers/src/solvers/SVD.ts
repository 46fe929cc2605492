import {
  astype,
  div,
  dot,
  greater,
  max,
  mul,
  sum,
  transpose as transposedMatrix,
  where,
} from "@diffrax-ts/array";
import { checkOptions, part, type Tensor } from "@diffrax-ts/pytree";
import { factorSVD, type SVDFactors } from "../kernels/jacobiSVD.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearSolver, LinearStep } from "../LinearSolver.ts";
import { checkRcond, resolveRcond } from "../rcond.ts";

/** Options of `SVD`. */
export interface SVDOptions {
  /** Singular values count as zero that are so many times smaller than the largest, or more. @defaultValue `ε max(m, n)` */
  readonly rcond?: number | null;
}

/** The singular value decomposition. */
export interface SVD extends LinearSolver<SVDFactors> {
  readonly kind: "SVD";
  readonly rcond: number | null;
}

/**
 * The singular value decomposition `A = U S Vᵀ`, by one-sided Jacobi rotations: for any operator. Of all solutions of least squares it gives the
 * shortest, `x = V S⁺ Uᵀ b`, whatever the rank. It takes some ten times as long as `QR`. `stats.rank` is the number of singular values that count.
 *
 * @see Drmač and Veselić (2008), New fast and accurate Jacobi SVD algorithm, doi:10.1137/050639193
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { linearSolve, SVD } from "@diffrax-ts/linear-solvers";
 *
 * const { value, stats } = linearSolve(tensor([[1, 1], [1, 1]]), tensor([2, 2]), { solver: SVD() });
 * [value.toArray().map((x) => x.toFixed(6)), stats.rank];
 * // → [["1.000000", "1.000000"], 1]
 * ```
 */
export function SVD(options: SVDOptions = {}): SVD {
  const { rcond = null } = checkOptions("SVD", options, ["rcond"]);
  return part("SVD", {
    rcond: checkRcond("SVD", rcond),
    init,
    transpose,
    compute,
    assumeFullRank,
  });
}

function init(operator: LinearOperator): SVDFactors {
  const matrix = operator.asMatrix();
  const [m, n] = matrix.shape as [number, number];
  if (m >= n) return factorSVD(transposedMatrix(matrix));
  return transpose(factorSVD(matrix));
}

function transpose({ u, s, v }: SVDFactors): SVDFactors {
  return { u: v, s, v: u };
}

function compute(this: SVD, { u, s, v }: SVDFactors, vector: Tensor): LinearStep {
  const size = Math.max(u.shape[1]!, v.shape[1]!);
  const counts = greater(s, mul(max(s), resolveRcond(this.rcond, size, s.dtype)));
  const along = div(where(counts, dot(u, vector), 0), where(counts, s, 1)); // (uᵢ · b) / sᵢ
  return { value: dot(along, v), stats: { rank: sum(astype(counts, "int32")) } };
}

function assumeFullRank(): boolean {
  return false;
}
