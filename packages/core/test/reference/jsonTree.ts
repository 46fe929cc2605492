import { tensor } from "@diffrax-ts/array";
import type { Tensor } from "@diffrax-ts/pytree";

/** A number of the figures. */
export type JsonNumber = number | "inf" | "-inf" | "nan";

/** A leaf of the figures: a scalar or an array. */
export type JsonLeaf = JsonNumber | readonly JsonLeaf[];

/** A tree of the figures. */
export type JsonTree =
  | JsonLeaf
  | null
  | { readonly $tuple: readonly JsonTree[] }
  | { readonly $list: readonly JsonTree[] }
  | { readonly [key: string]: JsonTree };

/** The children of a container that is written as one, `null` for anything else. */
export function childrenOf(tree: unknown): readonly unknown[] | null {
  if (typeof tree !== "object" || tree === null || Array.isArray(tree)) return null;
  const { $tuple, $list } = tree as { $tuple?: readonly unknown[]; $list?: readonly unknown[] };
  return $tuple ?? $list ?? null;
}

export function readNumber(x: JsonNumber): number {
  if (typeof x === "number") return x;
  return x === "nan" ? Number.NaN : x === "inf" ? Infinity : -Infinity;
}

function isLeaf(tree: unknown): tree is JsonLeaf {
  return typeof tree === "number" || typeof tree === "string" || Array.isArray(tree);
}

/** A tree of the figures with other leaves. */
export function mapLeaves(tree: JsonTree, f: (leaf: JsonLeaf) => JsonLeaf): JsonTree {
  if (isLeaf(tree)) return f(tree);
  if (tree === null) return null;
  const children = childrenOf(tree) as readonly JsonTree[] | null;
  if (children !== null) return { $list: children.map((child) => mapLeaves(child, f)) };
  const entries = Object.entries(tree as Readonly<Record<string, JsonTree>>);
  return Object.fromEntries(entries.map(([key, child]) => [key, mapLeaves(child, f)]));
}

/** A tree of the figures as ours, with `leaf` of its leaves. */
export function readTree(tree: JsonTree | undefined, leaf: (leaf: JsonLeaf) => unknown): unknown {
  if (tree === null || tree === undefined) return null;
  if (isLeaf(tree)) return leaf(tree);
  const children = childrenOf(tree) as readonly JsonTree[] | null;
  if (children !== null) return children.map((child) => readTree(child, leaf));
  return Object.fromEntries(
    Object.entries(tree).map(([key, child]) => [key, readTree(child as JsonTree, leaf)]),
  );
}

/** Nested lists as nested arrays of numbers. */
function readNested(leaf: JsonLeaf): NestedNumbers {
  return Array.isArray(leaf)
    ? leaf.map((x: JsonLeaf) => readNested(x))
    : readNumber(leaf as JsonNumber);
}

/** A number, or an array of such, to any depth. */
type NestedNumbers = number | readonly NestedNumbers[];

/** Arrays as tensors, scalars as numbers; everything as a tensor for float32. */
export function readTensor(dtype: "float64" | "float32"): (leaf: JsonLeaf) => Tensor | number {
  return (leaf) => {
    const value = readNested(leaf);
    return typeof value === "number" && dtype === "float64"
      ? value
      : tensor(value as number[], { dtype });
  };
}

/** What a user of plain functions would write: arrays as arrays of numbers, and as typed arrays for float32. */
export function readPlain(dtype: "float64" | "float32"): (leaf: JsonLeaf) => unknown {
  return (leaf) => {
    const value = readNested(leaf);
    if (dtype === "float64") return value;
    return typeof value === "number"
      ? tensor(value, { dtype })
      : Float32Array.from(value as number[]);
  };
}
