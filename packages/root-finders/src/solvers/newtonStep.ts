import { where } from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import {
  JacobianLinearOperator,
  type LinearOperator,
  type LinearSolver,
  unpacked,
} from "@diffrax-ts/linear-solvers";
import { resultTensor, type Tree } from "@diffrax-ts/protocol";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import type { Problem } from "../IterativeSolver.ts";
import { fromLinear } from "../results.ts";
import { isAllFinite, spaceOfTree, vectorOf } from "../trees.ts";

/** One step of Newton's kind. */
export interface NewtonStep {
  /** `f(y)`. */
  readonly f: Tree;
  /** `A⁻¹ f(y)`. */
  readonly diff: Tree;
  /** How the linear solve ended. */
  readonly result: Tensor;
}

/** `A⁻¹ f(y)`, with what the linear solver knows of `A`, which is close to the derivative of `f`. */
export function newtonStep(
  { fn }: Problem,
  solver: LinearSolver,
  factors: unknown,
  y: Tree,
): NewtonStep {
  const f = fn(y);
  const { value, result } = solveLinear(solver, factors, vectorOf(f));
  return { f, diff: unpacked(spaceOfTree(y), value) as Tree, result };
}

/** A linear solve within an iteration, and how it ended. */
export function solveLinear(
  solver: LinearSolver,
  factors: unknown,
  vector: Tensor,
): { readonly value: Tensor; readonly result: Tensor } {
  const { value, result } = solver.compute(factors, vector);
  const own = result === undefined ? resultTensor("successful") : fromLinear(result);
  // Why it is not finite is looked into only then.
  const reason = (): Tensor =>
    where(isAllFinite(vector), resultTensor("singular"), resultTensor("nonfiniteInput"));
  return { value, result: cond(isAllFinite(value), () => own, reason) };
}

/** The derivative of the equations at a point. */
export function jacobianAt({ fn, tags }: Problem, y: Tree): LinearOperator {
  return JacobianLinearOperator(fn, y, { tags });
}

/** Below this, over the tolerance, a step counts as none: that of Diffrax. */
export function resolution(dtype: DType): number {
  return dtype === "float64" ? 1e-13 : 1e-4;
}
