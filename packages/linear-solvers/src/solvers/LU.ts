import { part, type Tensor } from "@diffrax-ts/pytree";
import { requireSquare } from "../flat.ts";
import {
  type BlockedFactors,
  factorBlocked,
  solveBlocked,
  transposeBlocked,
} from "../kernels/blockedLU.ts";
import {
  factorSmall,
  mostSmall,
  type SmallFactors,
  solveSmall,
  solveSmallTransposed,
} from "../kernels/smallLU.ts";
import {
  factorPanel,
  mostInPanel,
  type PanelFactors,
  solvePanel,
  solvePanelTransposed,
} from "../kernels/panelLU.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearSolver, LinearStep } from "../LinearSolver.ts";

/** The LU factorisation. */
export interface LU extends LinearSolver<LUState> {
  readonly kind: "LU";
}

/**
 * Gaussian elimination: `A = P L U`, with a permutation `P`, a lower triangle `L` with ones on its diagonal and an upper
 * triangle `U`. For any square matrix that has an inverse.
 *
 * The pivot of a column is its largest element in rows that have had none (partial pivoting). The solution is that of a matrix
 * whose elements differ by no more than `3 n² ε max|U|`, with `ε` = 1.1e-16 in float64 and 6e-8 in float32. It takes about `n³`
 * operations for a matrix, and `4 n²` for each vector. A zero pivot is divided by, which makes the solution infinite or not a
 * number. Up to 6 unknowns are written out in the compiled code, and up to 16 those parts that each vector takes; above, it works in blocks of 16 columns.
 *
 * @see Higham (2002), Accuracy and Stability of Numerical Algorithms, chapter 9, doi:10.1137/1.9780898718027
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { linearSolve, LU } from "@diffrax-ts/linear-solvers";
 *
 * const matrix = tensor([[0, 2], [1, 1]]);
 * linearSolve(matrix, tensor([2, 3]), { solver: LU() }).value.toArray();
 * // → [2, 1]
 * ```
 */
export function LU(): LU {
  return part("LU", { init, transpose, compute });
}

/** The factors of the matrix: of a few rows, some, or many. */
export type LUState =
  | { readonly small: SmallFactors; readonly isTransposed: boolean }
  | { readonly panel: PanelFactors; readonly isTransposed: boolean }
  | { readonly blocked: BlockedFactors };

function init(operator: LinearOperator): LUState {
  requireSquare("LU", operator, "; for least squares use QR() or SVD()");
  const matrix = operator.asMatrix();
  if (matrix.length <= mostSmall) return { small: factorSmall(matrix), isTransposed: false };
  if (matrix.length <= mostInPanel) return { panel: factorPanel(matrix), isTransposed: false };
  return { blocked: factorBlocked(matrix) };
}

function transpose(state: LUState): LUState {
  if ("blocked" in state) return { blocked: transposeBlocked(state.blocked) };
  return { ...state, isTransposed: !state.isTransposed };
}

function compute(state: LUState, vector: Tensor): LinearStep {
  if ("blocked" in state) return { value: solveBlocked(state.blocked, vector) };
  if ("panel" in state) {
    const solve = state.isTransposed ? solvePanelTransposed : solvePanel;
    return { value: solve(state.panel, vector) };
  }
  return { value: (state.isTransposed ? solveSmallTransposed : solveSmall)(state.small, vector) };
}
