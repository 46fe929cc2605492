import type { Fixed, Part, Static, Strided, Tensor, TypedArray } from "@diffrax-ts/pytree";

/** The type of gradients or cotangents of arguments: new trees of the same kinds of leaves, `number` for `2`. */
export type LikeArguments<P> = 0 extends 1 & P
  ? P
  : P extends number
    ? number
    : P extends Tensor | TypedArray | Strided | Static | Part | Fixed
      ? P
      : { -readonly [Key in keyof P]: LikeArguments<P[Key]> };
