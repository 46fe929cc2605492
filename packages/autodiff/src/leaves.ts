import { isTraced, valueOf } from "@diffrax-ts/program";
import { isTensor, isTypedArray, type Leaf, type Tensor } from "@diffrax-ts/pytree";

/** A result in the form of the leaf it belongs to: a number for a number, a typed array for a typed array. */
export function likeLeaf(result: Tensor, leaf: Leaf): Leaf {
  if (isTraced(result) || isTensor(leaf)) return result;
  if (typeof leaf === "number") return result.item();
  return isTypedArray(leaf) ? valueOf(result).data : result;
}
