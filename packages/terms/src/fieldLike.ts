import { astype } from "@diffrax-ts/array";
import { asTensor, leavesLike } from "@diffrax-ts/autodiff";
import { apply } from "@diffrax-ts/program";
import { type StatePart, type Tree, treeLeaves } from "@diffrax-ts/protocol";
import {
  describeValue,
  isLeaf,
  isTensor,
  keyPath,
  structure,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";

/**
 * What a vector field returned, in the form of what it changes: an array of scalars for a vector becomes a vector.
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
    return Array.isArray(result) && y.shape.length > 0 ? pack(result, y, path) : result;
  if (!y || typeof result !== "object" || result === null || isLeaf(result)) return result;
  const within = (child: unknown, key: string | number): unknown =>
    packLike(child, (y as Readonly<Record<string | number, Tree>>)[key], path + keyPath(key));
  return Array.isArray(result)
    ? result.map(within)
    : Object.fromEntries(Object.entries(result).map(([key, child]) => [key, within(child, key)]));
}

/** Nested arrays of scalars as one tensor. */
function pack(result: readonly unknown[], y: Tensor, path: string): Tensor {
  const rows = result.map((item, i): Tensor => {
    const at = `${path}[${i}]`;
    if (Array.isArray(item)) return pack(item, y, at);
    if (typeof item === "number") return astype(item, y.dtype);
    if (isLeaf(item)) return asTensor(item, at);
    throw new TypeError(`${at}: expected a number, got ${describeValue(item)}`);
  });
  const types = new Set(rows.map(describeValue));
  if (types.size > 1)
    throw new TypeError(`${path}: expected rows of one type, got ${[...types].join(" and ")}`);
  if (types.size === 0) return astype(new Float64Array(0), y.dtype);
  const lifted = rows.map((row) => apply("reshape", [row], { shape: [1, ...row.shape] })[0]!);
  return apply("concatenate", lifted, { axis: 0 })[0]!;
}
