import { asTensor, numberAs, sameType, showType, type Type } from "@diffrax-ts/program";
import { flattenLike, keyPaths, type Structure, type Tensor } from "@diffrax-ts/pytree";
import { typeOf } from "./zeros.ts";

/** What is known of a leaf: a type, or an array of that type. */
type Known = Pick<Type, "dtype" | "shape"> & Partial<Type>;

/**
 * The leaves of a tree that must be like another, in structure, dtypes and shapes. Numbers take the dtype that is wanted.
 *
 * @param source - Where that other one is, for errors: `" as in y0"`.
 * @throws TypeError that says where it departs, and how.
 */
export function leavesLike(
  structure: Structure,
  types: readonly Known[],
  tree: unknown,
  name: string,
  source = "",
): Tensor[] {
  return flattenLike(structure, tree, name).map((leaf, i) => {
    const { dtype, shape, buffer = false } = types[i]!;
    const wanted = { dtype, shape, buffer };
    const x = typeof leaf === "number" ? numberAs(name, leaf, dtype) : asTensor(leaf, name);
    if (sameType(typeOf(x), wanted)) return x;
    throw new TypeError(
      `${keyPaths(structure, name)[i]!}: expected ${showType(wanted)}${source}, got ${showType(typeOf(x))}`,
    );
  });
}
