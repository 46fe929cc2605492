import type { Fixed } from "./fixed.ts";
import type { Static, Strided, TypedArray } from "./Leaf.ts";
import type { Part } from "./part.ts";
import type { PlainList } from "./Plain.ts";
import type { Tensor } from "./Tensor.ts";

/**
 * What is saved of `T` at several times: every leaf with one more axis in front, the time. A number becomes
 * a vector, a tensor of rank `n` one of rank `n + 1`. Applies to a state and to what a plain function makes
 * of it: `Saved<Plain<Y>>` is `Saved<Y>`.
 */
export type Saved<T> = unknown extends T
  ? T
  : T extends number
    ? T extends ArrayLike<unknown>
      ? Tensor<readonly [number, ...number[]]>
      : Tensor<readonly [number]>
    : T extends Tensor
      ? Tensor<readonly [number, ...T["shape"]]>
      : T extends TypedArray
        ? Tensor<readonly [number, number]>
        : T extends Strided
          ? Tensor<readonly [number, ...number[]]>
          : T extends Fixed
            ? number
            : T extends Static | Part
              ? T
              : T extends readonly [...infer Elements] // as in Plain
                ? { readonly [Key in keyof Elements]: Saved<Elements[Key]> }
                : T extends PlainList<infer Element>
                  ? readonly Saved<Element>[]
                  : T extends ArrayLike<infer Element>
                    ? Tensor<readonly [number, number, ...PlainShape<Element>]>
                    : { readonly [Key in keyof T]: Saved<T[Key]> };

/** The shape of an element of an array-like of numbers. */
export type PlainShape<T> = T extends number
  ? T extends ArrayLike<unknown>
    ? readonly number[]
    : readonly []
  : T extends ArrayLike<infer Element>
    ? readonly [number, ...PlainShape<Element>]
    : readonly [];
