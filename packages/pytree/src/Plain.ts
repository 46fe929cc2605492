import type { Fixed } from "./fixed.ts";
import type { Static, Strided, TypedArray } from "./Leaf.ts";
import type { Part } from "./part.ts";
import type { Tensor } from "./Tensor.ts";

/**
 * What a plain function sees of `T`: numbers for numbers and scalars, array-likes for typed arrays and tensors,
 * tuples and records as they are, a number for a `fixed` one. A tensor of unknown rank can be used as
 * a number and as an array.
 */
export type Plain<T> = 0 extends 1 & T
  ? T
  : T extends number
    ? number
    : T extends Tensor
      ? PlainTensor<T["shape"]>
      : T extends TypedArray
        ? PlainArray<number>
        : T extends Strided
          ? PlainTensor<readonly number[]>
          : T extends Fixed
            ? number
            : T extends Static | Part
              ? T
              : { readonly [Key in keyof T]: Plain<T[Key]> };

/** What a plain function sees of a tensor with this shape. */
export type PlainTensor<Shape extends readonly number[]> = number extends Shape["length"]
  ? number & PlainUnknown
  : Shape extends readonly [number, ...infer Rest extends readonly number[]]
    ? PlainArray<PlainTensor<Rest>>
    : number;

/** An array with elements that can be read, looped over and counted. */
export interface PlainArray<Element> extends ArrayLike<Element>, Iterable<Element> {}

/** An array of unknown depth. */
export interface PlainUnknown extends PlainArray<number & PlainUnknown> {}
