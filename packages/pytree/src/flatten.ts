import { isArrayLeaf, isDetached, isTypedArray, type Leaf } from "./Leaf.ts";
import { closureOf } from "./closure.ts";
import { keyPath } from "./keyPaths.ts";
import { kindOf } from "./part.ts";
import {
  arrayLeafNode,
  closureNode,
  hashText,
  isPlainPrototype,
  leafNode,
  mix,
  nothing,
  staticNode,
  type Structure,
} from "./Structure.ts";

/** What a tree is called in errors, or how what lies at a path of it is. */
export type NameOfTree = string | ((path: string) => string);

/** A tree taken apart. */
export interface Flat {
  /** In the order of sorted keys; `[structure.size]`. */
  readonly leaves: Leaf[];
  readonly structure: Structure;
}

/** Of a tree, and of those round it that it is an argument of. */
const mostLevels = 1010;

/** The most numbers that an array of plain data may hold directly: more are a vector, mostly. */
const mostNumbersInArray = 64;

/** Options of `flatten`. */
export interface FlattenOptions {
  /** The most numbers that an array of plain data may hold directly. @defaultValue 64 */
  readonly mostNumbers?: number;
}

/**
 * Takes a tree apart into its leaves and its structure.
 *
 * In plain data numbers, tensors, typed arrays and strided arrays are leaves; arrays and plain objects are
 * containers, and the leaves of an object come in the order of its sorted keys; all else is structure.
 * Inside a part numbers are structure too, but for its `params`, which are plain data.
 *
 * @param name - What the tree is called in errors, or what is to be called what lies at a path of it, such as `.arm[2]`.
 * @throws TypeError if an object is neither plain nor a part nor a leaf, if the tree contains itself, if
 * a key is `__proto__`, or if an array of plain data holds more than `mostNumbers`; RangeError if it is nested more than a thousand levels deep.
 *
 * @example
 * ```ts
 * import { flatten } from "@diffrax-ts/pytree";
 *
 * const { leaves, structure } = flatten({ prey: 10, predator: 5, unit: "thousands" });
 * leaves;
 * // → [5, 10]
 * structure.size;
 * // → 2
 * ```
 */
export function flatten(
  tree: unknown,
  name: NameOfTree = "tree",
  { mostNumbers = mostNumbersInArray }: FlattenOptions = {},
): Flat {
  const leaves: Leaf[] = [];
  const walk: Walk = { name, leaves, mostNumbers, path: [], parents: [] };
  return { leaves, structure: visit(walk, tree, false) };
}

/** The leaves of a tree, in the order of sorted keys. */
export function leaves(tree: unknown, name?: string): Leaf[] {
  return flatten(tree, name).leaves;
}

/** The structure of a tree. */
export function structure(tree: unknown, name?: string): Structure {
  return flatten(tree, name).structure;
}

interface Walk {
  readonly name: NameOfTree;
  readonly leaves: Leaf[];
  readonly mostNumbers: number;
  /** The keys from the root to here. */
  readonly path: (string | number)[];
  /** The containers round the present value. */
  readonly parents: object[];
}

function visit(walk: Walk, tree: unknown, inPart: boolean): Structure {
  if (
    (typeof tree === "number" && !inPart) ||
    (typeof tree === "object" && !Array.isArray(tree) && isArrayLeaf(tree))
  ) {
    if (isTypedArray(tree) && isDetached(tree)) {
      refuse(
        walk,
        `this ${tree.constructor.name} is detached: its memory was transferred, and the numbers with it; transfer a copy of it instead`,
      );
    }
    walk.leaves.push(tree);
    return inPart ? arrayLeafNode : leafNode;
  }
  if (typeof tree === "object" && tree !== null) return visitContainer(walk, tree, inPart);
  const parts = closureOf(tree);
  return parts === undefined
    ? staticNode(tree)
    : closureNode(parts.make, visit(walk, parts.data, false));
}

function visitContainer(walk: Walk, tree: object, wasInPart: boolean): Structure {
  const { leaves, mostNumbers, path, parents } = walk;
  if (parents.includes(tree)) refuse(walk, "the tree contains itself here; remove the cycle");
  if (path.length > mostLevels) {
    throw new RangeError(
      `${placeIn(walk, shownKeys)}: the tree is nested more than 1000 levels deep, which engines have no stack for; make it flatter, with arrays for chains of objects`,
    );
  }

  const isArray = Array.isArray(tree);
  const kind = kindOf(tree);
  const inPart = wasInPart || kind !== undefined;
  const prototype = isArray ? null : (Object.getPrototypeOf(tree) as object | null);
  if (kind === undefined && !isPlainPrototype(prototype)) {
    const name = tree.constructor?.name ?? "a class";
    refuse(
      walk,
      `an instance of ${name} is neither a leaf nor a container; put its data into plain objects and arrays, or make it a part`,
    );
  }
  if (isArray && !inPart && tree.length > mostNumbers) {
    const count = tree.filter((x) => typeof x === "number").length;
    if (count > mostNumbers) {
      refuse(
        walk,
        `an array of ${count} numbers is as many separate scalars (at most ${mostNumbers}); for one vector write Float64Array.from(…)`,
      );
    }
  }

  const keys = isArray ? [] : Object.keys(tree);
  const values: unknown[] = isArray ? tree : Object.values(tree);
  const order = sortedPlaces(keys);

  const children = new Array<Structure>(values.length).fill(leafNode);
  const starts = new Array<number>(values.length).fill(0);
  const firstLeaf = leaves.length;
  let hash = hashText(kind ?? (isArray ? "[" : "{"));
  parents.push(tree);
  for (let turn = 0; turn < values.length; turn++) {
    const i = order === undefined ? turn : order[turn]!;
    const key = keys[i] ?? i;
    path.push(key);
    if (key === "__proto__") refuse(walk, "this key cannot be used; give it another name");
    const child = visit(walk, values[i], inPart && !(kind !== undefined && key === "params"));
    path.pop();
    children[i] = child;
    starts[i] = leaves.length - child.size - firstLeaf;
    hash = mix(mix(hash, isArray ? i : hashText(keys[i]!)), child.hash);
  }
  parents.pop();

  const size = leaves.length - firstLeaf;
  // Without leaves there is nothing to collect from it, so the same object again needs no walk.
  const skip = size === 0 && (inPart || isDeeplyFrozen(tree, children));
  return {
    tag: isArray ? "array" : "record",
    size,
    hash,
    value: skip ? tree : nothing,
    keys,
    children,
    starts,
    source: inPart && size > 0 ? new WeakRef(tree) : null,
    kind,
    prototype,
  };
}

/** The places of keys in their order; `undefined` where they stand in it. */
function sortedPlaces(keys: readonly string[]): number[] | undefined {
  for (let i = 1; i < keys.length; i++)
    if (keys[i]! < keys[i - 1]!)
      return Array.from(keys.keys()).toSorted((a, b) => (keys[a]! < keys[b]! ? -1 : 1));
  return undefined;
}

function isDeeplyFrozen(tree: object, children: readonly Structure[]): boolean {
  return Object.isFrozen(tree) && children.every((child) => child.value !== nothing);
}

function refuse(walk: Walk, why: string): never {
  throw new TypeError(`${placeIn(walk)}: ${why}`);
}

/** So many keys of a path that is too long. */
const shownKeys = 3;

/** What is called that which is being visited, or the container of it so many keys down. */
function placeIn({ name, path }: Walk, keys = Infinity): string {
  const place = path.slice(0, keys).map(keyPath).join("");
  return typeof name === "string" ? name + place : name(place);
}
