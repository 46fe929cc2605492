import { leavesLike } from "@diffrax-ts/autodiff";
import { astype, stack } from "@diffrax-ts/array";
import { isLeaf, isTensor, structure, type Tensor, unflatten } from "@diffrax-ts/pytree";
import { type Tree, treeLeaves } from "@diffrax-ts/protocol";

/**
 * What a vector field returned, in the form of the state: an array of scalars for a vector becomes a vector.
 *
 * @throws TypeError that says where the result departs from the state in structure, dtype or shape.
 */
export function fieldLike(result: unknown, y: Tree): Tree {
  const like = structure(y, "y0");
  const packed = packLike(result, y);
  const leaves = leavesLike(like, treeLeaves(y), packed, "vector field: result", " as in y0");
  return unflatten(like, leaves) as Tree;
}

/** Arrays of scalars put together where the state holds one tensor. */
function packLike(result: unknown, y: Tree | undefined): unknown {
  if (isTensor(y)) return Array.isArray(result) && y.shape.length > 0 ? pack(result, y) : result;
  if (!y || typeof result !== "object" || result === null || isLeaf(result)) return result;
  const within = (child: unknown, key: string | number): unknown =>
    packLike(child, (y as Readonly<Record<string | number, Tree>>)[key]);
  return Array.isArray(result)
    ? result.map(within)
    : Object.fromEntries(Object.entries(result).map(([key, child]) => [key, within(child, key)]));
}

/** Nested arrays of scalars as one tensor. */
function pack(result: readonly unknown[], y: Tensor): Tensor {
  return stack(
    result.map((row) =>
      Array.isArray(row)
        ? pack(row, y)
        : typeof row === "number"
          ? astype(row, y.dtype)
          : (row as Tensor),
    ),
  );
}
