import type { Fixed } from "./fixed.ts";
import type { Callable, Strided, TypedArray } from "./Leaf.ts";
import type { Part } from "./part.ts";
import type { Tensor } from "./Tensor.ts";

/**
 * What a plain vector field returns for a state of type `T`: numbers for numbers and scalars, array-likes of
 * numbers for typed arrays and tensors, the same tuples and records; `never` for what cannot be a state.
 *
 * Write `NoInfer<Field<Y>>` where the state's type parameter is `Y`.
 */
export type Field<T> = 0 extends 1 & T
  ? T
  : T extends number
    ? number
    : T extends Tensor
      ? FieldTensor<T["shape"]>
      : T extends TypedArray
        ? ArrayLike<number>
        : T extends Strided
          ? FieldUnknown
          : T extends string | bigint | symbol | Callable | Fixed
            ? never
            : T extends Part
              ? T
              : T extends readonly [...infer Elements] // as in Plain
                ? | { readonly [Key in keyof Elements]: Field<Elements[Key]> }
                  | FieldList<Field<T[number]>>
                : { readonly [Key in keyof T]: Field<T[Key]> };

/** What is known as an array and not as a tuple, of which the number of elements is not known. */
export type FieldList<Element> = readonly Element[] & { readonly 0?: never };

/** What a plain vector field returns for a tensor of this shape. */
export type FieldTensor<Shape extends readonly number[]> = number extends Shape["length"]
  ? FieldUnknown
  : Shape extends readonly [number, ...infer Rest extends readonly number[]]
    ? ArrayLike<FieldTensor<Rest>>
    : number;

/** A number, or an array-like of such values, to any depth. */
export type FieldUnknown = number | ArrayLike<FieldUnknown>;
