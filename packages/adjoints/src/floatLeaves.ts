import { astype } from "@diffrax-ts/array";
import type { Tree } from "@diffrax-ts/protocol";
import { flatten, isTensor, type Leaf, type Tensor, unflatten } from "@diffrax-ts/pytree";

/** The leaves of a tree that can have derivatives. */
export function floatLeaves(tree: unknown): readonly Tensor[] {
  return flatten(tree).leaves.filter(isFloatTensor);
}

/** The tree with others in their places, in the dtypes that it has there. */
export function withFloatLeaves<T>(tree: T, floats: Tree): T {
  const { leaves, structure } = flatten(tree);
  let next = 0;
  const replaced = leaves.map((leaf) =>
    isFloatTensor(leaf) ? astype((floats as readonly Tensor[])[next++]!, leaf.dtype) : leaf,
  );
  return unflatten(structure, replaced) as T;
}

function isFloatTensor(leaf: Leaf): leaf is Tensor {
  return isTensor(leaf) && (leaf.dtype === "float64" || leaf.dtype === "float32");
}
