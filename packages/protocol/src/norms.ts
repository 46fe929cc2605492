import {
  abs,
  add,
  div,
  equal,
  max,
  maximum,
  mul,
  sqrt,
  sum,
  tensor,
  where,
} from "@diffrax-ts/array";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { type Tree, treeLeaves } from "./Tree.ts";

/** A norm of a tree: a scalar, zero for zeros. `PIDController` gives it errors over their tolerances, and keeps steps below 1. */
export type Norm = (tree: Tree) => Scalar;

function sumSquares(leaves: readonly Tensor[]): Scalar {
  return leaves.map((x): Tensor => sum(mul(x, x))).reduce((total, x) => add(total, x)) as Scalar;
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
  return size === 0 ? tensor(0) : root(div(sumSquares(leaves), size));
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
  return leaves.length === 0 ? tensor(0) : root(sumSquares(leaves));
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
  if (leaves.length === 0) return tensor(0);
  return leaves.map((x): Tensor => max(abs(x))).reduce((most, x) => maximum(most, x)) as Scalar;
}
