import { part, type Tensor } from "@diffrax-ts/pytree";
import { inSize, mvFlat, outSize } from "../flat.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearSolver, LinearSolverInputs, LinearStep } from "../LinearSolver.ts";
import { materialise } from "../materialise.ts";
import { ComposedLinearOperator } from "../operators/ComposedLinearOperator.ts";
import { TaggedLinearOperator } from "../operators/TaggedLinearOperator.ts";
import { CG, type CGOptions } from "./CG.ts";

/** The normal equations. */
export interface Normal extends LinearSolver<NormalState> {
  readonly kind: "Normal";
  readonly innerSolver: LinearSolver;
  isIterative(): boolean;
}

/** What the inner solver knows of `Aᵀ A`, or of `A Aᵀ` if there are more columns than rows. */
export interface NormalState {
  readonly inner: unknown;
  readonly transposed: LinearOperator;
  readonly isTall: boolean;
  readonly options: LinearSolverInputs;
}

/**
 * Least squares and shortest solutions by the normal equations: `Aᵀ A x = Aᵀ b` if there are at least as many equations as unknowns, and `x = Aᵀ y` with
 * `A Aᵀ y = b` if there are fewer, by a solver for positive definite operators such as `CG` or `Cholesky`. The operator has to be of full rank.
 *
 * **It squares the condition number**: half of the digits are lost, and iterations take longer. Prefer `QR` where the matrix fits into memory.
 *
 * A preconditioner has to be close to the (pseudo)inverse of `A`.
 *
 * @param innerSolver - For `Aᵀ A`.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { Cholesky, linearSolve, Normal } from "@diffrax-ts/linear-solvers";
 *
 * const matrix = tensor([[1, 0], [0, 1], [1, 1]]);
 * const { value } = linearSolve(matrix, tensor([1, 2, 3]), { solver: Normal(Cholesky()) });
 * value.toArray().map((x) => x.toFixed(6));
 * // → ["1.000000", "2.000000"]
 * ```
 */
export function Normal(innerSolver: LinearSolver): Normal {
  return part("Normal", { innerSolver, init, transpose, compute, isIterative, assumeFullRank });
}

/**
 * Conjugate gradients for the normal equations: `Normal(CG(options))`.
 */
export function NormalCG(options: CGOptions): Normal {
  return Normal(CG(options));
}

function init(
  this: Normal,
  operator: LinearOperator,
  options: LinearSolverInputs = {},
): NormalState {
  const isTall = outSize(operator) >= inSize(operator);
  // A factorisation asks for the whole matrix, which is made once; an iteration for products, and makes ready for them itself.
  const a = this.isIterative() ? operator : materialise(operator);
  const back = a.transpose();
  const square = isTall ? ComposedLinearOperator(back, a) : ComposedLinearOperator(a, back);
  const inner = TaggedLinearOperator(square, { tags: "positiveSemidefinite" });
  const innerOptions = forSquare(options, isTall);
  return {
    inner: this.innerSolver.init(inner, innerOptions),
    transposed: back,
    isTall,
    options: innerOptions,
  };
}

/** A preconditioner `M` of `A` is `M Mᵀ` for `Aᵀ A`, and `Mᵀ M` for `A Aᵀ`, whose solution `y` starts from `Mᵀ x`. */
function forSquare(
  { preconditioner: m, y0 }: LinearSolverInputs,
  isTall: boolean,
): LinearSolverInputs {
  if (m === undefined) return isTall && y0 !== undefined ? { y0 } : {};
  const [a, b] = isTall ? [m, m.transpose()] : [m.transpose(), m];
  const preconditioner = TaggedLinearOperator(ComposedLinearOperator(a, b), {
    tags: "positiveSemidefinite",
  });
  if (y0 === undefined) return { preconditioner };
  return { preconditioner, y0: isTall ? y0 : mvFlat(m.transpose(), y0) };
}

/** `Aᵀ A` is its own transpose, and stands where that of `Aᵀ` has it. */
function transpose({ inner, transposed, isTall, options }: NormalState): NormalState {
  const { y0: _, ...others } = options;
  return { inner, transposed: transposed.transpose(), isTall: !isTall, options: others };
}

function compute(
  this: Normal,
  { inner, transposed, isTall, options }: NormalState,
  vector: Tensor,
): LinearStep {
  const right = isTall ? mvFlat(transposed, vector) : vector;
  const step = this.innerSolver.compute(inner, right, options);
  return isTall ? step : { ...step, value: mvFlat(transposed, step.value) };
}

function isIterative(this: Normal): boolean {
  return this.innerSolver.isIterative?.() ?? false;
}

function assumeFullRank(this: Normal): boolean {
  return this.innerSolver.assumeFullRank?.() ?? true;
}
