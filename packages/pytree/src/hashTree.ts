import { closureOf } from "./closure.ts";
import { isArrayLeaf, isTypedArray } from "./Leaf.ts";
import { kindOf } from "./part.ts";
import { mix, type Structure } from "./Structure.ts";

/** How many values of a tree are looked at. All larger trees have one hash, and so have those that contain themselves. */
const mostValues = 4096;

/** What lies deeper is not looked at. */
const mostLevels = 256;

/** How many may still be looked at, and how deep it is. */
interface Walk {
  left: number;
  level: number;
}

/**
 * A number that is the same for trees of one structure whose leaves have the same shapes: for caches in which what is found is
 * confirmed by `match`. It looks at a tree as quickly as it can: what arrays inside a part hold, and which function is which, does not
 * count.
 *
 * @example
 * ```ts
 * import { hashTree } from "@diffrax-ts/pytree";
 *
 * hashTree({ x: 1, v: new Float64Array(3) }) === hashTree({ v: new Float64Array(3), x: 2 });
 * // → true
 * ```
 */
export function hashTree(tree: unknown): number {
  const walk = { left: mostValues, level: 0 };
  const hash = visit(walk, tree, false);
  return walk.left < 0 ? 0 : hash;
}

/** The same for a structure, with the shapes of its leaves. */
export function hashStructure(
  structure: Structure,
  types: readonly { readonly shape: readonly number[] }[],
): number {
  const walk = { left: mostValues, level: 0 };
  const hash = visitNode(walk, structure, types, 0, false);
  return walk.left < 0 ? 0 : hash;
}

function visit(walk: Walk, tree: unknown, inPart: boolean): number {
  if (--walk.left < 0 || walk.level > mostLevels) return 0;
  walk.level++;
  const hash = hashOf(walk, tree, inPart);
  walk.level--;
  return hash;
}

function hashOf(walk: Walk, tree: unknown, inPart: boolean): number {
  if (typeof tree === "number" && !inPart) return 1;
  if (typeof tree === "function") {
    const parts = closureOf(tree);
    return parts === undefined ? hashStatic(tree) : mix(8, visit(walk, parts.data, false));
  }
  if (typeof tree !== "object" || tree === null) return hashStatic(tree);
  if (Array.isArray(tree)) {
    let hash = tree.length;
    if (!inPart) for (const child of tree) hash = mix(hash, visit(walk, child, false));
    return hash;
  }
  if (isArrayLeaf(tree)) return isTypedArray(tree) ? mix(1, tree.length) : hashShape(tree.shape);
  const kind = kindOf(tree);
  const within = inPart || kind !== undefined;
  let hash = hashWord(kind ?? "");
  // A sum: the order of the keys does not count.
  for (const key in tree) {
    const child = (tree as Readonly<Record<string, unknown>>)[key];
    hash += mix(hashWord(key), visit(walk, child, within && !isData(kind, key)));
  }
  return hash | 0;
}

function visitNode(
  walk: Walk,
  node: Structure,
  types: readonly { readonly shape: readonly number[] }[],
  start: number,
  inPart: boolean,
): number {
  if (--walk.left < 0 || walk.level > mostLevels) return 0;
  walk.level++;
  const hash = hashOfNode(walk, node, types, start, inPart);
  walk.level--;
  return hash;
}

function hashOfNode(
  walk: Walk,
  node: Structure,
  types: readonly { readonly shape: readonly number[] }[],
  start: number,
  inPart: boolean,
): number {
  const { tag, value, kind, keys, children, starts } = node;
  const inside = (i: number, within: boolean): number =>
    visitNode(walk, children[i]!, types, start + starts[i]!, within);
  switch (tag) {
    case "leaf":
    case "arrayLeaf":
      return hashShape(types[start]!.shape);
    case "static":
      return hashStatic(value);
    case "closure":
      return mix(8, inside(0, false));
    case "array":
      return children.reduce(
        (hash, _, i) => (inPart ? hash : mix(hash, inside(i, false))),
        children.length,
      );
    case "record": {
      const within = inPart || kind !== undefined;
      let hash = hashWord(kind ?? "");
      for (const [i, key] of keys.entries())
        hash += mix(hashWord(key), inside(i, within && !isData(kind, key)));
      return hash | 0;
    }
  }
}

/** Whether what stands under a key of a record is plain data, though the record is a part. */
function isData(kind: string | undefined, key: string): boolean {
  return kind !== undefined && key === "params";
}

function hashStatic(value: unknown): number {
  if (typeof value === "number") return mix(3, value * 0x9e3779b1);
  if (typeof value === "string") return hashWord(value);
  return typeof value === "boolean" ? Number(value) : 7;
}

function hashShape(shape: readonly number[]): number {
  let hash = 1;
  for (const length of shape) hash = mix(hash, length);
  return hash;
}

/** Of a key or another short text, by some of its letters. */
function hashWord(text: string): number {
  const { length } = text;
  const letter = (i: number): number => text.charCodeAt(i);
  return length === 0
    ? 12
    : mix(mix(letter(0), letter(length - 1)), 97 * letter(length >> 1) + length);
}
