import { mul, type RankOf, reshape } from "@diffrax-ts/program";
import type { JoinByRank, Leaf, Scalar, Tensor } from "@diffrax-ts/pytree";
import { axesOf } from "./axes.ts";
import { contract, factors } from "./contract.ts";
import { ravel } from "./reshape.ts";
import { requireCount } from "./shapes.ts";

/** What the product of two operands is, by their ranks. */
export type Dotted<A, B> = Tensor<DotByRank[RankOf<A>][RankOf<B>]>;

interface DotByRank {
  readonly [rank: number]: { readonly [other: number]: readonly number[] };
  readonly 0: JoinByRank[0];
  readonly 1: {
    readonly [other: number]: readonly number[];
    readonly 0: readonly [number];
    readonly 1: readonly [];
    readonly 2: readonly [number];
  };
  readonly 2: {
    readonly [other: number]: readonly number[];
    readonly 0: readonly [number, number];
    readonly 1: readonly [number];
    readonly 2: readonly [number, number];
  };
}

/**
 * The sum of products along the last axis of `a` and the last but one (of a vector: the only one) of `b`. With a
 * scalar, the product.
 *
 * @example
 * ```ts
 * import { dot, tensor } from "@diffrax-ts/array";
 *
 * dot(tensor([1, 2, 3]), tensor([4, 5, 6])).item();
 * // → 32
 * ```
 */
export function dot<A extends Leaf, B extends Leaf>(a: A, b: B): Dotted<A, B> {
  const [x, y] = factors("dot", a, b);
  const [rankX, rankY] = [x.shape.length, y.shape.length];
  if (rankX === 0 || rankY === 0) return mul(x, y);
  return contract("dot", [x, y], [[rankX - 1], [Math.max(rankY - 2, 0)]]);
}

/**
 * The sum of products of all elements, one after the other in row-major order.
 *
 * @example
 * ```ts
 * import { tensor, vdot } from "@diffrax-ts/array";
 *
 * vdot(tensor([[1, 2], [3, 4]]), tensor([[1, 0], [0, 1]])).item();
 * // → 5
 * ```
 */
export function vdot(a: Leaf, b: Leaf): Scalar {
  const [x, y] = factors("vdot", a, b);
  return contract("vdot", [ravel(x), ravel(y)], [[0], [0]]) as Scalar;
}

/**
 * Every element of `a` times every element of `b`: `[a.size, b.size]`.
 *
 * @example
 * ```ts
 * import { outer, tensor } from "@diffrax-ts/array";
 *
 * outer(tensor([1, 2]), tensor([3, 4])).toArray();
 * // → [[3, 4], [6, 8]]
 * ```
 */
export function outer(a: Leaf, b: Leaf): Tensor<readonly [number, number]> {
  const [x, y] = factors("outer", a, b);
  return mul(reshape(x, [x.size, 1]), ravel(y)) as Tensor<readonly [number, number]>;
}

/** The axes of a contraction: how many at the end of the first and the start of the second, or which of each. */
export type TensordotAxes =
  | number
  | readonly [number | readonly number[], number | readonly number[]];

/**
 * The sums of products along several pairs of axes. What is left are the other axes of `a`, then those of `b`.
 *
 * @param axes - A number `n`: the last `n` axes of `a` with the first `n` of `b`. Two lists: pair by pair.
 *
 * @example
 * ```ts
 * import { ones, tensordot } from "@diffrax-ts/array";
 *
 * tensordot(ones([2, 3, 4]), ones([4, 3, 5]), [[1, 2], [1, 0]]).shape;
 * // → [2, 5]
 * ```
 */
export function tensordot(a: Leaf, b: Leaf, axes: TensordotAxes = 2): Tensor {
  const [x, y] = factors("tensordot", a, b);
  if (typeof axes === "number") {
    requireCount("tensordot", "axes", axes);
    const list = Array.from({ length: axes }, (_, i) => i);
    return tensordot(x, y, [list.map((i) => i - axes), list]);
  }
  const [axesX, axesY] = [
    axesOf("tensordot", axes[0], x.shape),
    axesOf("tensordot", axes[1], y.shape),
  ];
  if (axesX.length === axesY.length) return contract("tensordot", [x, y], [axesX, axesY]);
  throw new RangeError(
    `tensordot: axes must be two lists of one length, got ${axesX.length} and ${axesY.length} axes`,
  );
}
