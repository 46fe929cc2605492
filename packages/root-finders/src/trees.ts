// Trees of tensors in formulas.
import { abs, add, less, logicalAnd, max, mul, sub } from "@diffrax-ts/array";
import { packed, type Space, spaceOf } from "@diffrax-ts/linear-solvers";
import { isPacked, type Tolerances, type Tree } from "@diffrax-ts/protocol";
import { type DType, isPart, isTensor, leaves, map, type Tensor } from "@diffrax-ts/pytree";
import { toDType } from "./tolerances.ts";

/** `f` at every leaf of trees of one structure. What else is in them, such as texts, or the functions of a network, stays as it is. */
export function mapTree(
  f: (...leaves: Tensor[]) => Tensor,
  tree: Tree,
  ...rest: readonly Tree[]
): Tree {
  return untypedMap(f, tree, ...rest);
}

// `map` gives back the type of the tree it is given, in which the checker knows of no leaves.
const untypedMap = map as unknown as (
  f: (...leaves: Tensor[]) => Tensor,
  ...trees: readonly Tree[]
) => Tree;

/** `a - b`. */
export function difference(a: Tree, b: Tree): Tree {
  return mapTree((x, y) => sub(x, y), a, b);
}

/** A tree as norms take it: of tensors alone. What holds something else becomes the list of its leaves. */
export function normed(tree: Tree): Tree {
  return isPacked(tree) || isOfTensors(tree) ? tree : tensorsOf(tree);
}

function isOfTensors(tree: unknown): boolean {
  if (tree === null || isTensor(tree)) return true;
  return typeof tree === "object" && !isPart(tree) && Object.values(tree).every(isOfTensors);
}

function tensorsOf(tree: Tree): readonly Tensor[] {
  return leaves(tree) as readonly Tensor[];
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
  return tensorsOf(tree)[0]!.dtype;
}

/** `atol + rtol |y|`. */
export function allowed({ rtol, atol }: Tolerances, y: Tensor): Tensor {
  return add(toDType(atol, y), mul(toDType(rtol, y), abs(y)));
}

/** Whether all elements of a tree are finite numbers. */
export function isTreeFinite(tree: Tree): Tensor {
  return tensorsOf(tree)
    .filter(({ size }) => size > 0)
    .map((x) => isAllFinite(x))
    .reduce((a, b) => logicalAnd(a, b));
}

/** The largest is not a number if one is none. */
export function isAllFinite(x: Tensor): Tensor {
  return less(x.shape.length === 0 ? abs(x) : max(abs(x)), Infinity);
}
