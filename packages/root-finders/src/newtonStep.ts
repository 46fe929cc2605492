import { abs, add, div, less, logicalAnd, max, mul, sub, where } from "@diffrax-ts/array";
import {
  JacobianLinearOperator,
  type LinearOperator,
  type LinearSolver,
  packed,
  type Space,
  spaceOf,
  unpacked,
} from "@diffrax-ts/linear-solvers";
import {
  resultTensor,
  type Tolerances,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import type { DType, Scalar, Tensor } from "@diffrax-ts/pytree";
import { fromLinear } from "./results.ts";
import type { RootProblem } from "./RootFinder.ts";
import { toDType } from "./tolerances.ts";

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
  { fn }: RootProblem,
  solver: LinearSolver,
  factors: unknown,
  y: Tree,
): NewtonStep {
  const f = fn(y);
  const residual = packed(spaceOf(f, "rootFind: what fn returns"), f, "rootFind: fn");
  const { value, result } = solver.compute(factors, residual);
  const own = result === undefined ? resultTensor("successful") : fromLinear(result);
  const unnoticed = where(
    isAllFinite(residual),
    resultTensor("singular"),
    resultTensor("nonfiniteInput"),
  );
  return {
    f,
    diff: unpacked(spaceOf(y, "rootFind: y"), value) as Tree,
    result: where(isAllFinite(value), own, unnoticed),
  };
}

/** The derivative of the equations at a point. */
export function jacobianAt({ fn, tags }: RootProblem, y: Tree): LinearOperator {
  return JacobianLinearOperator(fn, y, { tags });
}

/** `‖diff / (atol + rtol |y|)‖`, or with the weights that were given. */
export function scaledSize({ tolerances, weights }: RootProblem, diff: Tree, y: Tree): Scalar {
  return tolerances.norm(
    weights === null
      ? treeMap((d, x) => div(d, allowed(tolerances, x)), diff, y)
      : treeMap((d, weight) => mul(d, weight), diff, weights),
  );
}

/** `atol + rtol |y|`. */
function allowed({ rtol, atol }: Tolerances, y: Tensor): Tensor {
  return add(toDType(atol, y), mul(toDType(rtol, y), abs(y)));
}

/** `a - b`. */
export function difference(a: Tree, b: Tree): Tree {
  return treeMap((x, y) => sub(x, y), a, b);
}

/** Whether all elements of a tree are finite numbers. */
export function isTreeFinite(tree: Tree): Tensor {
  return treeLeaves(tree)
    .filter(({ size }) => size > 0)
    .map((x) => isAllFinite(x))
    .reduce((a, b) => logicalAnd(a, b));
}

/** The largest is not a number if one is none. */
function isAllFinite(x: Tensor): Tensor {
  return less(x.shape.length === 0 ? abs(x) : max(abs(x)), Infinity);
}

/** The dtype and the size of a state. */
export function spaceOfState(y: Tree): Space {
  return spaceOf(y, "rootFind: y0");
}

/** Below this, over the tolerance, a step counts as none: that of Diffrax. */
export function resolution(dtype: DType): number {
  return dtype === "float64" ? 1e-13 : 1e-4;
}
