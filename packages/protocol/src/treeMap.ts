import { isTensor, type Tensor } from "@diffrax-ts/pytree";
import { isPacked, mapPacked, packedLike } from "./packedTree.ts";
import type { Tree } from "./Tree.ts";

/**
 * `f` at every leaf of trees of the same structure. The first decides the structure; the others are taken to have it, which is
 * not checked: it stands inside the steps of solvers.
 *
 * @returns A new tree.
 *
 * @example
 * ```ts
 * import { add, tensor } from "@diffrax-ts/array";
 * import { treeLeaves, treeMap } from "@diffrax-ts/protocol";
 *
 * // Leaves come in the order of sorted keys: v, x.
 * const y1 = treeMap((y, dy) => add(y, dy), { x: tensor(1), v: tensor(2) }, { x: tensor(10), v: tensor(20) });
 * treeLeaves(y1).map((leaf) => leaf.item());
 * // → [22, 11]
 * ```
 */
export function treeMap(
  f: (...leaves: Tensor[]) => Tensor,
  tree: Tree,
  ...rest: readonly Tree[]
): Tree {
  if (tree === null) return null;
  if (isTensor(tree)) return f(tree, ...(rest as readonly Tensor[]));
  if (isPacked(tree)) return mapPacked(f, tree, rest);
  const packed = rest.find(isPacked);
  if (packed !== undefined) return treeMap(f, packedLike(tree, packed), ...rest);
  if (Array.isArray(tree)) {
    return tree.map((child: Tree, i) =>
      treeMap(f, child, ...rest.map((other) => (other as readonly Tree[])[i]!)),
    );
  }
  const result: Record<string, Tree> = {};
  for (const [key, child] of Object.entries(tree)) {
    result[key] = treeMap(
      f,
      child,
      ...rest.map((other) => (other as Readonly<Record<string, Tree>>)[key]!),
    );
  }
  return result;
}

/** The leaves of a tree, in the order of sorted keys. */
export function treeLeaves(tree: Tree): Tensor[] {
  if (tree === null) return [];
  if (isTensor(tree)) return [tree];
  if (isPacked(tree)) return [...tree.params];
  if (Array.isArray(tree)) return tree.flatMap((child: Tree) => treeLeaves(child));
  const record = tree as Readonly<Record<string, Tree>>;
  return Object.keys(record)
    .toSorted()
    .flatMap((key) => treeLeaves(record[key]!));
}
