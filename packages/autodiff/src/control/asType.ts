import { leafTensor, numberAs, type Type } from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";

/** A leaf of a result as a tensor; a number takes the dtype that is wanted. */
export function asType(leaf: Leaf, type: Type): Tensor {
  return typeof leaf === "number"
    ? numberAs("result", leaf, type.dtype)
    : leafTensor(leaf, "result");
}
