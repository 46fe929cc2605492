import { checkOptions, describeValue, part, type Tensor } from "@diffrax-ts/pytree";
import { bandwidthOf } from "../band.ts";
import { inSize, outSize } from "../flat.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearSolver, LinearSolverInputs, LinearStep } from "../LinearSolver.ts";
import {
  isDiagonal,
  isLowerTriangular,
  isNegativeSemidefinite,
  isPositiveSemidefinite,
  isTridiagonal,
  isUpperTriangular,
} from "../properties.ts";
import { BandedLU } from "./BandedLU.ts";
import { Cholesky } from "./Cholesky.ts";
import { Diagonal } from "./Diagonal.ts";
import { LU } from "./LU.ts";
import { QR } from "./QR.ts";
import { SVD } from "./SVD.ts";
import { Triangular } from "./Triangular.ts";
import { Tridiagonal } from "./Tridiagonal.ts";

/** Options of `AutoLinearSolver`. */
export interface AutoLinearSolverOptions {
  /**
   * `true`: the operator is square and has an inverse, and everything else is an error. `false`: it may be anything, and solutions are those of least squares and
   * the shortest of them. `null`: what costs nothing more is done for operators without inverse. @defaultValue null
   */
  readonly wellPosed?: boolean | null;
}

/** Chooses a solver. */
export interface AutoLinearSolver extends LinearSolver<AutoState> {
  readonly kind: "AutoLinearSolver";
  readonly wellPosed: boolean | null;
  /** The solver that it takes for an operator. */
  selectSolver(operator: LinearOperator): LinearSolver;
}

/** The solver that was chosen, and what it knows. */
export interface AutoState {
  readonly solver: LinearSolver;
  readonly state: unknown;
}

/**
 * Chooses a direct solver by what is known of the operator: the first that fits of
 *
 * | operator | `wellPosed: true` | `null` | `false` |
 * |---|---|---|---|
 * | not square | an error | `QR` | `SVD` |
 * | diagonal | `Diagonal({ wellPosed: true })` | `Diagonal` | `Diagonal` |
 * | tridiagonal | `Tridiagonal` | `Tridiagonal` | `SVD` |
 * | triangular | `Triangular` | `Triangular` | `SVD` |
 * | positive or negative semidefinite | `Cholesky` | `Cholesky` | `SVD` |
 * | with a declared bandwidth | `BandedLU` | `BandedLU` | `SVD` |
 * | any other | `LU` | `LU` | `SVD` |
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { AutoLinearSolver, MatrixLinearOperator } from "@diffrax-ts/linear-solvers";
 *
 * const operator = MatrixLinearOperator(tensor([[2, 1], [1, 2]]), { tags: "positiveSemidefinite" });
 * AutoLinearSolver({ wellPosed: true }).selectSolver(operator).kind;
 * // → "Cholesky"
 * ```
 */
export function AutoLinearSolver(options: AutoLinearSolverOptions = {}): AutoLinearSolver {
  const { wellPosed = null } = checkOptions("AutoLinearSolver", options, ["wellPosed"]);
  if (wellPosed !== null && typeof wellPosed !== "boolean") {
    throw new TypeError(
      `AutoLinearSolver: wellPosed must be true, false or null, got ${describeValue(wellPosed)}`,
    );
  }
  return part("AutoLinearSolver", {
    wellPosed,
    selectSolver,
    init,
    transpose,
    compute,
    assumeFullRank,
    check,
  });
}

function selectSolver(this: AutoLinearSolver, operator: LinearOperator): LinearSolver {
  const { wellPosed } = this;
  const [rows, columns] = [outSize(operator), inSize(operator)];
  if (wellPosed === false) return rows === columns && isDiagonal(operator) ? Diagonal() : SVD();
  if (rows !== columns) {
    if (wellPosed === null) return QR();
    throw new TypeError(
      `AutoLinearSolver: the operator must be square, got ${rows} rows and ${columns} columns (${operator.kind}); ` +
        "for least squares use solver: AutoLinearSolver({ wellPosed: false })",
    );
  }
  if (isDiagonal(operator)) return Diagonal(wellPosed === true ? { wellPosed } : {});
  if (isTridiagonal(operator)) return Tridiagonal();
  if (isLowerTriangular(operator) || isUpperTriangular(operator)) return Triangular();
  if (isPositiveSemidefinite(operator) || isNegativeSemidefinite(operator)) return Cholesky();
  return bandwidthOf(operator) === null ? LU() : BandedLU();
}

function init(this: AutoLinearSolver, operator: LinearOperator): AutoState {
  const solver = this.selectSolver(operator);
  return { solver, state: solver.init(operator) };
}

function transpose({ solver, state }: AutoState): AutoState {
  return { solver, state: solver.transpose(state) };
}

function compute(
  { solver, state }: AutoState,
  vector: Tensor,
  options?: LinearSolverInputs,
): LinearStep {
  return solver.compute(state, vector, options);
}

function assumeFullRank(this: AutoLinearSolver): boolean {
  return this.wellPosed !== false;
}

function check(this: AutoLinearSolver, operator: LinearOperator): void {
  this.selectSolver(operator).check?.(operator);
}
