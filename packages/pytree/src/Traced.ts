import type { Fixed } from "./fixed.ts";
import type { Static, Strided, TypedArray } from "./Leaf.ts";
import type { Part } from "./part.ts";
import type { Scalar, Tensor } from "./Tensor.ts";

/**
 * What a traced function is handed for `T`: a scalar tensor for a number, a tensor for an array, a number for
 * a `fixed` one; parts, strings, booleans and functions as they are.
 */
export type Traced<T> = 0 extends 1 & T
  ? T
  : [Tensor | null | readonly never[]] extends [T] // any tree of tensors, of which the structure has no end
    ? T
    : T extends number
      ? Scalar
      : T extends Fixed
        ? number
        : T extends Tensor | Static | Part
          ? T
          : T extends TypedArray
            ? Tensor<readonly [number]>
            : T extends Strided
              ? Tensor
              : { readonly [Key in keyof T]: Traced<T[Key]> };
