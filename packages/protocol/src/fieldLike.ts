import { leavesLike } from "@diffrax-ts/autodiff";
import { isLeaf, isTensor, keyPath, structure, unflatten } from "@diffrax-ts/pytree";
import { pack } from "./pack.ts";
import type { StatePart } from "./Term.ts";
import type { Tree } from "./Tree.ts";
import { treeLeaves } from "./treeMap.ts";

/**
 * What a vector field returned, in the form of what it changes: an array of scalars for a vector becomes a vector. So it is for any function
 * that returns something like what it is given.
 *
 * @param name - What the result is called in errors.
 * @throws TypeError that says where the result departs from the state in structure, dtype or shape.
 */
export function fieldLike(result: unknown, { name: state, y }: StatePart, name: string): Tree {
  const like = structure(y, state);
  const packed = packLike(result, y, name);
  return unflatten(like, leavesLike(like, treeLeaves(y), packed, name, ` as in ${state}`)) as Tree;
}

/** Arrays of scalars put together where the state holds one tensor. */
function packLike(result: unknown, y: Tree | undefined, path: string): unknown {
  if (isTensor(y))
    return Array.isArray(result) && y.shape.length > 0 ? pack(result, y.dtype, path) : result;
  if (!y || typeof result !== "object" || result === null || isLeaf(result)) return result;
  const within = (child: unknown, key: string | number): unknown =>
    packLike(child, (y as Readonly<Record<string | number, Tree>>)[key], path + keyPath(key));
  return Array.isArray(result)
    ? result.map(within)
    : Object.fromEntries(Object.entries(result).map(([key, child]) => [key, within(child, key)]));
}
