import type { Fixed } from "./fixed.ts";
import type { Static, Strided, TypedArray } from "./Leaf.ts";
import type { Part } from "./part.ts";
import type { Scalar, Tensor } from "./Tensor.ts";

/**
 * What may be passed where a traced function sees `Q`: a number for a scalar, a typed array for a vector, a `fixed`
 * number for a number. `Traced<P>` is `Q` for every `P` that is a `Concrete<Q>`.
 */
export type Concrete<Q> = 0 extends 1 & Q
  ? Q
  : [Tensor | null | readonly never[]] extends [Q] // any tree of tensors, of which the structure has no end
    ? Q
    : Q extends Tensor
      ? | Q
        | Strided
        | (readonly [] extends Q["shape"] ? number | Scalar : never)
        | (readonly [number] extends Q["shape"] ? TypedArray : never)
      : Q extends number
        ? Fixed
        : Q extends Static | Part
          ? Q
          : { readonly [Key in keyof Q]: Concrete<Q[Key]> };
