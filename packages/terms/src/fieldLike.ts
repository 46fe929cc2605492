import { leafTensor } from "@diffrax-ts/autodiff";
import { full, stack } from "@diffrax-ts/array";
import {
  flattenLike,
  isLeaf,
  isTensor,
  type Leaf,
  structure,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import type { Tree } from "@diffrax-ts/protocol";

/**
 * What a vector field returned, in the form of the state: an array of scalars for a vector becomes a vector.
 *
 * @throws TypeError that says where the result departs from the state in structure, dtype or shape.
 */
export function fieldLike(result: unknown, y: Tree): Tree {
  const like = structure(y, "y0");
  const packed = packLike(result, y, "vector field: result");
  const leaves = flattenLike(like, packed, "vector field: result").map((leaf: Leaf) =>
    leafTensor(leaf, "vector field"),
  );
  return unflatten(like, leaves) as Tree;
}

/** Arrays of scalars put together where the state holds one tensor. */
function packLike(result: unknown, y: Tree, path: string): unknown {
  if (y === null) return result;
  if (isTensor(y)) return packTensor(result, y, path);
  if (typeof result !== "object" || result === null || isLeaf(result)) return result;
  const children = result as Readonly<Record<string, unknown>>;
  const expected = y as Readonly<Record<string, Tree>>;
  const pairs = Object.keys(children).map((key): [string, unknown] => {
    const inside = Array.isArray(y) ? `${path}[${key}]` : `${path}.${key}`;
    return [key, key in expected ? packLike(children[key], expected[key]!, inside) : children[key]];
  });
  return Array.isArray(result) ? pairs.map(([, child]) => child) : Object.fromEntries(pairs);
}

function packTensor(result: unknown, y: Tensor, path: string): unknown {
  const value = pack(result, y, path);
  if (typeof value === "number")
    return y.shape.length === 0 ? full([], value, { dtype: y.dtype }) : refuse(path, y, value);
  if (!isLeaf(value)) return value;
  const tensor = leafTensor(value, "vector field");
  if (tensor.dtype !== y.dtype || tensor.shape.join() !== y.shape.join()) refuse(path, y, tensor);
  return tensor;
}

/** Nested arrays of scalars as one tensor. */
function pack(result: unknown, y: Tensor, path: string): unknown {
  if (!Array.isArray(result) || y.shape.length === 0) return result;
  if (result.length !== y.shape[0]) {
    throw new TypeError(`${path}: expected ${describe(y)}, got an array of ${result.length}`);
  }
  const rows = result.map((row: unknown, i) => {
    const value = pack(row, y.at(i), `${path}[${i}]`);
    return typeof value === "number" ? full([], value, { dtype: y.dtype }) : (value as Tensor);
  });
  return stack(rows);
}

function describe({ dtype, shape }: Tensor): string {
  return shape.length === 0 ? `a scalar of ${dtype}` : `${dtype}[${shape.join()}]`;
}

function refuse(path: string, expected: Tensor, got: Tensor | number): never {
  throw new TypeError(
    `${path}: expected ${describe(expected)} as in y0, got ${typeof got === "number" ? "a number" : describe(got)}`,
  );
}
