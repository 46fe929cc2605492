import { asTensor, isTraced, tensorOf, valueOf } from "@diffrax-ts/program";
import { isTensor, isTypedArray, type Leaf, type Tensor } from "@diffrax-ts/pytree";

/** A result in the form of the leaf it belongs to: a number for a number, a typed array for a typed array. */
export function likeLeaf(result: Tensor, leaf: Leaf): Leaf {
  if (isTraced(result) || isTensor(leaf)) return result;
  if (typeof leaf === "number") return result.item();
  return isTypedArray(leaf) ? valueOf(result).data : result;
}

/** A leaf that nobody else can write to: of the same kind, with a copy of the elements. */
export function ownLeaf(leaf: Leaf): Leaf {
  if (typeof leaf === "number") return leaf;
  if (isTypedArray(leaf)) return leaf.slice();
  const x = asTensor(leaf);
  if (isTraced(x)) return x;
  const { dtype, shape, data } = valueOf(x);
  return tensorOf({ dtype, shape, data: data.slice() });
}
