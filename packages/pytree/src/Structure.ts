/**
 * What remains of a tree when its leaves are taken out: containers, keys and static values.
 *
 * An immutable value. `structuresEqual` compares two; `hash` is equal for equal structures, so that it
 * can be the key of a cache whose hits are confirmed by `structuresEqual`. Each child is a structure too.
 * It holds on to static values and functions of the tree it was made from, but to no leaf.
 */
export interface Structure {
  /** `"arrayLeaf"` is a leaf inside a part, where a number would be static. */
  readonly tag: "leaf" | "arrayLeaf" | "static" | "array" | "record" | "closure";
  /** The number of leaves. */
  readonly size: number;
  /** An integer in `[-2³¹, 2³¹)`. */
  readonly hash: number;
  /** Static: the value. Closure: what makes it. Container: the object itself if it need not be walked again, else `nothing`. */
  readonly value: unknown;
  /** Record: its keys in the order of the first tree. */
  readonly keys: readonly string[];
  /** Container: the structures inside it, in the order of `keys` or of the array. */
  readonly children: readonly Structure[];
  /** Container: the index of each child's first leaf among the leaves of this structure. */
  readonly starts: readonly number[];
  /** Container inside a part, with leaves: what it was made from, if that still exists. Of the very same object only the leaves are looked at. */
  readonly source: WeakRef<object> | null;
  /** Record: the kind, if it is a part. */
  readonly kind: string | undefined;
  /** Record: its prototype. */
  readonly prototype: object | null;
}

/** The `value` of a container that has to be walked: equal to nothing that a tree can hold. */
export const nothing: object = {};

const none: readonly never[] = [];

/** A leaf of plain data. */
export const leafNode: Structure = {
  tag: "leaf",
  size: 1,
  hash: 1,
  value: nothing,
  keys: none,
  children: none,
  starts: none,
  source: null,
  kind: undefined,
  prototype: null,
};

/** A leaf inside a part. */
export const arrayLeafNode: Structure = {
  tag: "arrayLeaf",
  size: 1,
  hash: 2,
  value: nothing,
  keys: none,
  children: none,
  starts: none,
  source: null,
  kind: undefined,
  prototype: null,
};

/** A value that belongs to the structure. */
export function staticNode(value: unknown): Structure {
  return {
    tag: "static",
    size: 0,
    hash: hashStatic(value),
    value,
    keys: none,
    children: none,
    starts: none,
    source: null,
    kind: undefined,
    prototype: null,
  };
}

/** A function with data of its own, which are plain data wherever it stands. */
export function closureNode(make: unknown, data: Structure): Structure {
  return {
    tag: "closure",
    size: data.size,
    hash: mix(4, data.hash),
    value: make,
    keys: dataKeys,
    children: [data],
    starts: zeroStarts,
    source: null,
    kind: undefined,
    prototype: null,
  };
}

const dataKeys: readonly string[] = ["data"];
const zeroStarts: readonly number[] = [0];

/** Whether an object with this prototype is plain: none, or the `Object.prototype` of some realm. */
export function isPlainPrototype(prototype: object | null): boolean {
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether records with these prototypes are rebuilt alike. */
export function sameNature(a: object | null, b: object | null): boolean {
  return a === b || (isPlainPrototype(a) && isPlainPrototype(b));
}

/** One more word into a hash. */
export function mix(hash: number, word: number): number {
  const h = Math.imul(hash ^ word, 0x9e3779b1);
  return h ^ (h >>> 15);
}

/** The hash of a text. */
export function hashText(text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x9e3779b1); // `mix`, without a call for each letter
    hash ^= hash >>> 15;
  }
  return hash;
}

/** Equal for values that are the same by `Object.is`: a number by its size, a function by its name. */
function hashStatic(value: unknown): number {
  if (typeof value === "number") return mix(3, value * 0x9e3779b1);
  return hashText(typeof value === "function" ? value.name : String(value));
}
