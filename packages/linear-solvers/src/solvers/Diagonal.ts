import { abs, div, greater, max, mul, where } from "@diffrax-ts/array";
import { checkOptions, part, type Tensor } from "@diffrax-ts/pytree";
import { requireBand } from "../band.ts";
import { diagonal } from "../diagonal.ts";
import { requireSquare } from "../flat.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearSolver, LinearStep } from "../LinearSolver.ts";
import { hasUnitDiagonal, isDiagonal } from "../properties.ts";
import { checkRcond, resolveRcond } from "../rcond.ts";

/** Options of `Diagonal`. */
export interface DiagonalOptions {
  /** Whether a zero on the diagonal is a failure. If not, the element of the solution there is zero: the shortest of all. @defaultValue false */
  readonly wellPosed?: boolean;
  /** Elements count as zero that are so many times smaller than the largest, or more. @defaultValue `ε n` */
  readonly rcond?: number | null;
}

/** Division. */
export interface Diagonal extends LinearSolver<DiagonalState> {
  readonly kind: "Diagonal";
  readonly wellPosed: boolean;
  readonly rcond: number | null;
}

/** The diagonal, `[n]`; `null` if it is all ones. */
export interface DiagonalState {
  readonly diagonal: Tensor | null;
}

/**
 * Division element by element, for operators that are marked as `"diagonal"`.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { Diagonal, DiagonalLinearOperator, linearSolve } from "@diffrax-ts/linear-solvers";
 *
 * const operator = DiagonalLinearOperator(tensor([2, 0]));
 * linearSolve(operator, tensor([1, 1]), { solver: Diagonal() }).value.toArray();
 * // → [0.5, 0]
 * ```
 */
export function Diagonal(options: DiagonalOptions = {}): Diagonal {
  const { wellPosed = false, rcond = null } = checkOptions("Diagonal", options, [
    "wellPosed",
    "rcond",
  ]);
  return part("Diagonal", {
    wellPosed,
    rcond: checkRcond("Diagonal", rcond),
    init,
    transpose,
    compute,
    assumeFullRank,
    check,
  });
}

function init(operator: LinearOperator): DiagonalState {
  requireSquare("Diagonal", operator);
  if (!isDiagonal(operator)) {
    throw new TypeError(
      `Diagonal: the operator (${operator.kind}) is not marked as diagonal; if it is, say so with tags: "diagonal"`,
    );
  }
  return { diagonal: hasUnitDiagonal(operator) ? null : diagonal(operator) };
}

function transpose(state: DiagonalState): DiagonalState {
  return state;
}

function compute(this: Diagonal, { diagonal: d }: DiagonalState, vector: Tensor): LinearStep {
  if (d === null) return { value: vector };
  if (this.wellPosed) return { value: div(vector, d) };
  const size = abs(d);
  const least = mul(max(size), resolveRcond(this.rcond, d.length, d.dtype));
  return { value: div(vector, where(greater(size, least), d, Infinity)) };
}

function assumeFullRank(this: Diagonal): boolean {
  return this.wellPosed;
}

function check(operator: LinearOperator): void {
  if (isDiagonal(operator)) requireBand("Diagonal", operator, { lower: 0, upper: 0 });
}
