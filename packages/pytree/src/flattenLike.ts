import { describeNode, describeValue } from "./describeValue.ts";
import { keyPath } from "./keyPaths.ts";
import type { Leaf } from "./Leaf.ts";
import { match } from "./match.ts";
import { kindOf } from "./part.ts";
import type { Structure } from "./Structure.ts";

/**
 * The leaves of a tree that must have a given structure.
 *
 * @param name - What the tree is called in errors.
 * @throws TypeError that says where the tree departs from the structure, and how.
 *
 * @example
 * ```ts
 * import { flattenLike, structure } from "@diffrax-ts/pytree";
 *
 * flattenLike(structure({ x: 1, v: 2 }), { x: 3, v: 4 });
 * // → [4, 3]
 * ```
 */
export function flattenLike(structure: Structure, tree: unknown, name = "tree"): Leaf[] {
  const leaves: Leaf[] = [];
  if (match(structure, tree, leaves)) return leaves;
  throw new TypeError(mismatch(structure, tree, name));
}

/** Where and how `tree` departs from `node`: the innermost place, the first in the order of keys. */
function mismatch(node: Structure, tree: unknown, path: string): string {
  if (sameContainer(node, tree)) {
    for (const [i, child] of node.children.entries()) {
      const key = node.keys[i] ?? i;
      const value = (tree as Readonly<Record<string | number, unknown>>)[key];
      if (!match(child, value, [])) return mismatch(child, value, path + keyPath(key));
    }
  }
  return `${path}: expected ${describeNode(node)}, got ${describeValue(tree)}`;
}

function sameContainer(node: Structure, tree: unknown): boolean {
  const keys = node.keys.toSorted().join();
  return (
    node.children.length > 0 &&
    typeof tree === "object" &&
    tree !== null &&
    (Array.isArray(tree)
      ? node.tag === "array" && tree.length === node.children.length
      : node.tag === "record" &&
        kindOf(tree) === node.kind &&
        Object.keys(tree).toSorted().join() === keys)
  );
}
