import {
  abs,
  add,
  concatenate,
  div,
  equal,
  max,
  maximum,
  mul,
  reshape,
  sqrt,
  sum,
  where,
} from "@diffrax-ts/array";
import { scalarTensor } from "@diffrax-ts/program";
import { isTensor, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { holdsPacked, isPacked, sumsOfLeaves, unpackTree } from "./packedTree.ts";
import type { Tree } from "./Tree.ts";
import { treeLeaves, treeMap } from "./treeMap.ts";

/** A norm of a tree: a scalar, zero for zeros. `PIDController` gives it errors over their tolerances, and keeps steps below 1. */
export type Norm = (tree: Tree) => Scalar;

/** The sum of each leaf first, and then of these one after the other: so it is of leaves that are put together, too. */
function sumSquares(tree: Tree): Scalar {
  if (!holdsPacked(tree)) {
    const leaves = treeLeaves(tree);
    return leaves.map((x): Tensor => sum(mul(x, x))).reduce((total, x) => add(total, x)) as Scalar;
  }
  return sum(concatenate(leafSums(treeMap((x) => mul(x, x), tree))));
}

/** The sums of the leaves, in lists. */
function leafSums(tree: Tree): readonly Tensor[] {
  if (isPacked(tree)) return [sumsOfLeaves(tree)];
  if (tree === null || isTensor(tree)) return treeLeaves(tree).map((x) => reshape(sum(x), [1]));
  const children = tree as Readonly<Record<string, Tree>>;
  const keys = Array.isArray(tree) ? Object.keys(tree) : Object.keys(tree).toSorted();
  return keys.flatMap((key) => leafSums(children[key]!));
}

/**
 * A norm of a tree, as the one who wrote it expects: one that is not of this package sees the tree of the user, of which leaves may have been
 * put together.
 */
export function normOfTree(norm: Norm, tree: Tree): Scalar {
  return [rmsNorm, twoNorm, maxNorm].includes(norm) ? norm(tree) : norm(unpackTree(tree));
}

/** `√x`, of which the derivative at 0 is 0, as that of a norm should be. */
function root(x: Tensor): Scalar {
  const isZero = equal(x, 0);
  return where(isZero, 0, sqrt(where(isZero, 1, x))) as Scalar;
}

/**
 * `√(mean of x²)` over all elements of all leaves; 0 of a tree without elements. The default of `PIDController`: it does not
 * grow with the number of components, but one that is large can hide among many that are small.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { rmsNorm } from "@diffrax-ts/protocol";
 *
 * rmsNorm({ x: tensor([1, 1]), v: tensor(2) }).item();
 * // → 1.41421…
 * ```
 */
export function rmsNorm(tree: Tree): Scalar {
  const leaves = treeLeaves(tree);
  const size = leaves.reduce((count, leaf) => count + leaf.size, 0);
  return size === 0 ? scalarTensor("float64", 0) : root(div(sumSquares(tree), size));
}

/**
 * `√(Σ x²)` over all elements of all leaves; 0 of a tree without elements.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { twoNorm } from "@diffrax-ts/protocol";
 *
 * twoNorm([tensor(3), tensor(-4)]).item();
 * // → 5
 * ```
 */
export function twoNorm(tree: Tree): Scalar {
  const leaves = treeLeaves(tree);
  return leaves.length === 0 ? scalarTensor("float64", 0) : root(sumSquares(tree));
}

/**
 * `max |x|` over all elements of all leaves; 0 of a tree without elements. As the norm of a `PIDController` it holds every
 * component within its tolerance.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { maxNorm } from "@diffrax-ts/protocol";
 *
 * maxNorm([tensor(3), tensor([-4, 1])]).item();
 * // → 4
 * ```
 */
export function maxNorm(tree: Tree): Scalar {
  const leaves = treeLeaves(tree).filter(({ size }) => size > 0);
  if (leaves.length === 0) return scalarTensor("float64", 0);
  return leaves.map((x): Tensor => max(abs(x))).reduce((most, x) => maximum(most, x)) as Scalar;
}
