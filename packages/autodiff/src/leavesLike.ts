import { arrayType, sameType, showType, type Type } from "@diffrax-ts/program";
import { flattenLike, keyPaths, type Structure, type Tensor } from "@diffrax-ts/pytree";
import { asType } from "./control/asType.ts";
import { typeOf } from "./zeros.ts";

/** What is known of a leaf: a type, or an array of that type. */
type Known = Pick<Type, "dtype" | "shape">;

/**
 * The leaves of a tree that must be like another, in structure, dtypes and shapes. Numbers take the dtype that is wanted.
 *
 * @throws TypeError that says where it departs, and how.
 */
export function leavesLike(
  structure: Structure,
  types: readonly Known[],
  tree: unknown,
  name: string,
): Tensor[] {
  return flattenLike(structure, tree, name).map((leaf, i) => {
    const { dtype, shape } = types[i]!;
    const wanted = arrayType(dtype, shape);
    const x = asType(leaf, wanted);
    if (sameType(typeOf(x), wanted)) return x;
    throw new TypeError(
      `${keyPaths(structure, name)[i]!}: expected ${showType(wanted)}, got ${showType(typeOf(x))}`,
    );
  });
}
