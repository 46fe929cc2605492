// How many axes a result has, as far as the types of what it is made of tell. Only the rank is carried, and up to 3.
import type { JoinByRank, PartByRank, Tensor, TypedArray } from "@diffrax-ts/pytree";

/** The number of axes of what may be given for a tensor; 0 for what stands for one number, or for none at all. */
export type RankOf<X> = X extends number | boolean | null
  ? 0
  : X extends Tensor
    ? X["shape"]["length"]
    : X extends TypedArray
      ? 1
      : number;

/** A tensor with as many axes as `X`. */
export type Ranked<X> = Tensor<JoinByRank[RankOf<X>][0]>;

/** What two operands are broadcast to. */
export type Joined<A, B> = Tensor<JoinByRank[RankOf<A>][RankOf<B>]>;

/** A tensor with one axis more than `X`. */
export type Raised<X> = Tensor<RaisedByRank[RankOf<X>]>;

/** A tensor without `Count` of the axes of `X`. */
export type Lowered<X, Count extends number> = Tensor<PartByRank[RankOf<X>][Count]>;

interface RaisedByRank {
  readonly [rank: number]: readonly number[];
  readonly 0: readonly [number];
  readonly 1: readonly [number, number];
  readonly 2: readonly [number, number, number];
}
