import { closureOf } from "./closure.ts";
import { isArrayLeaf, isLeaf } from "./Leaf.ts";
import { kindOf } from "./part.ts";
import { nothing, sameNature, type Structure } from "./Structure.ts";

/**
 * Walks a known structure and a tree together; if they agree, the leaves of the tree are in `out`.
 *
 * The quick form of `flatten` followed by `structuresEqual`, for a tree that most likely has the structure
 * of the last one: it allocates nothing and throws nothing. Leaf number `i` goes to `out[start + i]`.
 * When the answer is `false`, these places hold anything.
 *
 * A static object inside a part, and a frozen one in plain data, is not walked if it is the very object
 * from which the structure was made, and of a part that has leaves only these are looked at: what is configured must not be changed in
 * place.
 *
 * @param out - Kept by the caller from call to call.
 * @param start - @defaultValue 0
 *
 * @example
 * ```ts
 * import { match, structure } from "@diffrax-ts/pytree";
 *
 * const known = structure({ prey: 1, predator: 2 });
 * const out: unknown[] = [];
 * match(known, { prey: 10, predator: 5 }, out);
 * // → true
 * out;
 * // → [5, 10]
 * match(known, { prey: 10 }, out);
 * // → false
 * ```
 */
export function match(structure: Structure, tree: unknown, out: unknown[], start = 0): boolean {
  // Filled from the front, so that the array keeps its fast form whatever the order of the writes.
  for (let i = out.length; i < start + structure.size; i++) out.push(undefined);
  return matches(structure, tree, out, start);
}

function matches(node: Structure, tree: unknown, out: unknown[], start: number): boolean {
  switch (node.tag) {
    case "leaf":
    case "arrayLeaf":
      if (!(node.tag === "leaf" ? isLeaf(tree) : isArrayLeaf(tree))) return false;
      out[start] = tree;
      return true;
    case "static":
      return Object.is(node.value, tree);
    case "closure": {
      const parts = closureOf(tree);
      return parts?.make === node.value && matches(node.children[0]!, parts!.data, out, start);
    }
    case "array":
      if (node.value === tree) return true;
      return isSource(node, tree)
        ? leavesMatch(node, tree, out, start)
        : matchesArray(node, tree, out, start);
    case "record":
      if (node.value === tree) return true;
      return isSource(node, tree)
        ? leavesMatch(node, tree, out, start)
        : matchesRecord(node, tree, out, start);
  }
}

/** Whether a tree is the very container inside a part from which the structure was made. */
function isSource({ source }: Structure, tree: unknown): tree is Container {
  return source !== null && source.deref() === tree;
}

type Container = Readonly<Record<string | number, unknown>>;

/** Of the same container the leaves alone can have changed. */
function leavesMatch(
  { keys, children, starts }: Structure,
  tree: Container,
  out: unknown[],
  start: number,
): boolean {
  for (let i = 0; i < children.length; i++) {
    const child = children[i]!;
    if (child.size === 0 && child.value !== nothing) continue;
    if (!matches(child, tree[keys[i] ?? i], out, start + starts[i]!)) return false;
  }
  return true;
}

function matchesArray(node: Structure, tree: unknown, out: unknown[], start: number): boolean {
  const { children, starts } = node;
  if (!Array.isArray(tree) || tree.length !== children.length) return false;
  for (let i = 0; i < children.length; i++) {
    if (!matches(children[i]!, tree[i], out, start + starts[i]!)) return false;
  }
  return true;
}

function matchesRecord(node: Structure, tree: unknown, out: unknown[], start: number): boolean {
  if (typeof tree !== "object" || tree === null) return false;
  const prototype = Object.getPrototypeOf(tree) as object | null;
  if (prototype !== node.prototype && !sameNature(prototype, node.prototype)) return false;
  if (kindOf(tree) !== node.kind) return false;

  const { keys, children, starts } = node;
  const record = tree as Readonly<Record<string, unknown>>;
  let i = 0;
  for (const key in record) {
    if (key !== keys[i]) return matchesReordered(node, record, out, start);
    if (!matches(children[i]!, record[key], out, start + starts[i]!)) return false;
    i++;
  }
  // A plain object of this prototype can only be an array if it has a shape.
  return i === keys.length && !(keys.includes("shape") && isArrayLeaf(tree));
}

/** The same, for a record whose keys were written in another order. */
function matchesReordered(
  { keys, children, starts }: Structure,
  record: Readonly<Record<string, unknown>>,
  out: unknown[],
  start: number,
): boolean {
  return (
    Object.keys(record).length === keys.length &&
    !isArrayLeaf(record) &&
    keys.every(
      (key, i) =>
        Object.prototype.propertyIsEnumerable.call(record, key) &&
        matches(children[i]!, record[key], out, start + starts[i]!),
    )
  );
}
