// Trees of tensors in formulas.
import { abs, add, less, logicalAnd, max, mul, sub } from "@diffrax-ts/array";
import { packed, type Space, spaceOf } from "@diffrax-ts/linear-solvers";
import { type Tolerances, type Tree, treeLeaves, treeMap } from "@diffrax-ts/protocol";
import { type DType, isTensor, type Tensor } from "@diffrax-ts/pytree";
import { toDType } from "./tolerances.ts";

/** `a - b`. */
export function difference(a: Tree, b: Tree): Tree {
  return treeMap((x, y) => sub(x, y), a, b);
}

/** The leaves one after the other. */
export function vectorOf(tree: Tree): Tensor {
  if (isTensor(tree) && tree.shape.length === 1) return tree;
  return packed(spaceOfTree(tree), tree, "solution");
}

/** What trees like this have in common. */
export function spaceOfTree(tree: Tree): Space {
  return spaceOf(tree, "solution");
}

/** The dtype of all leaves of a tree that has some. */
export function dtypeOf(tree: Tree): DType {
  return treeLeaves(tree)[0]!.dtype;
}

/** `atol + rtol |y|`. */
export function allowed({ rtol, atol }: Tolerances, y: Tensor): Tensor {
  return add(toDType(atol, y), mul(toDType(rtol, y), abs(y)));
}

/** Whether all elements of a tree are finite numbers. */
export function isTreeFinite(tree: Tree): Tensor {
  return treeLeaves(tree)
    .filter(({ size }) => size > 0)
    .map((x) => isAllFinite(x))
    .reduce((a, b) => logicalAnd(a, b));
}

/** The largest is not a number if one is none. */
export function isAllFinite(x: Tensor): Tensor {
  return less(x.shape.length === 0 ? abs(x) : max(abs(x)), Infinity);
}
