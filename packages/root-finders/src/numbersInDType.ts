import { asTensor, astype } from "@diffrax-ts/array";
import { isTraced, numberAs } from "@diffrax-ts/program";
import { type DType, isTensor, type Leaf, leaves, map, type Tensor } from "@diffrax-ts/pytree";

/**
 * The dtype that plain numbers in a start take: that of the other leaves if it is float32 for all of them.
 *
 * @param name - Of the tree, for errors.
 */
export function dtypeOfStart(tree: unknown, name: string): "float64" | "float32" {
  const others = leaves(tree).filter((leaf) => !isNumber(leaf));
  const isSingle = others.length > 0 && others.every((x) => asTensor(x, name).dtype === "float32");
  return isSingle ? "float32" : "float64";
}

/** The tensors of a tree, in which plain numbers have taken a dtype. */
export function numbersInDType(tree: unknown, dtype: DType, name: string): unknown {
  const convert = (leaf: Leaf): Tensor => {
    if (typeof leaf === "number") return numberAs(name, leaf, dtype);
    const x = asTensor(leaf, name);
    return isNumber(leaf) && dtype !== "float64" ? astype(x, dtype) : x;
  };
  return map((leaf) => convert(leaf) as never, tree);
}

/** Whether a leaf is a number, or what `jit`, `grad` and `vmap` have made of one. */
function isNumber(leaf: Leaf): boolean {
  return isTensor(leaf)
    ? isTraced(leaf) && leaf.dtype === "float64" && leaf.shape.length === 0
    : typeof leaf === "number";
}
