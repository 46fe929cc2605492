import type { Fixed, Part, Static, Strided, Tensor, TypedArray } from "@diffrax-ts/pytree";

/** The type of gradients or cotangents of arguments: trees of the same kinds of leaves, for which numbers are not particular ones. */
export type LikeArguments<P> = 0 extends 1 & P
  ? P
  : P extends number
    ? number
    : P extends Tensor | TypedArray | Strided | Static | Part | Fixed
      ? P
      : { readonly [Key in keyof P]: LikeArguments<P[Key]> };
