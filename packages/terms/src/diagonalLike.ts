import { astype } from "@diffrax-ts/array";
import { asTensor } from "@diffrax-ts/autodiff";
import { pack, type StatePart, type Tree, treeMap } from "@diffrax-ts/protocol";
import {
  describeValue,
  isLeaf,
  isTensor,
  keyPath,
  type Leaf,
  type Tensor,
} from "@diffrax-ts/pytree";

/**
 * The entries of a diagonal matrix over a state, or the components of a noise: one tensor for each of its leaves, that can be multiplied
 * with it. A number stands for all of them, a vector for a list of as many numbers, an array of numbers for a vector; a tree goes part
 * by part. Where one value stands for several leaves, they share one tensor.
 *
 * @param path - What the value is called in errors.
 * @throws TypeError that says where the value fits the state neither in structure nor in shape.
 */
export function diagonalLike(value: unknown, { name, y }: StatePart, path: string): Tree {
  if (y === null) return null;
  if (isTensor(y)) {
    const isPacked = Array.isArray(value) && y.shape.length > 0;
    const one = isPacked ? pack(value, y.dtype, path) : value;
    const tensor = isLeaf(one) ? inDtypeOf(one, y, path) : null;
    return tensor !== null && isRepeated(tensor, y) ? tensor : refuse(one, { name, y }, path);
  }
  if (isLeaf(value)) return forAll(value, { name, y }, path);
  const children = Object.entries(y as Readonly<Record<string, Tree>>);
  const isAlike =
    typeof value === "object" &&
    value !== null &&
    Array.isArray(value) === Array.isArray(y) &&
    Object.keys(value).toSorted().join() === Object.keys(y).toSorted().join();
  if (!isAlike) refuse(value, { name, y }, path);
  const given = value as Readonly<Record<string, unknown>>;
  const parts = children.map(([key, child]): [string, Tree] => {
    const at = keyPath(Array.isArray(y) ? Number(key) : key);
    return [key, diagonalLike(given[key], { name: name + at, y: child }, path + at)];
  });
  return Array.isArray(y) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
}

/** One tensor for all leaves of a container, or a vector for a list of as many numbers. */
function forAll(value: Leaf, { name, y }: StatePart, path: string): Tree {
  const given = asTensor(value, path);
  const isListOfNumbers = Array.isArray(y) && y.every((x) => isTensor(x) && x.shape.length === 0);
  const inDtypes = new Map<string, Tensor>();
  const alike = (leaf: Tensor): Tensor => {
    const known = inDtypes.get(leaf.dtype);
    if (known !== undefined) return known;
    const one = inDtypeOf(value, leaf, path);
    inDtypes.set(leaf.dtype, one);
    return one;
  };
  if (isListOfNumbers && given.shape.length === 1 && given.shape[0] === y.length)
    return y.map((x: Tensor, i) => alike(x).at(i));
  return treeMap((leaf) => {
    const one = alike(leaf);
    return isRepeated(one, leaf) ? one : refuse(one, { name, y }, path);
  }, y);
}

function inDtypeOf(value: Leaf, { dtype }: Tensor, path: string): Tensor {
  return typeof value === "number" ? astype(value, dtype) : astype(asTensor(value, path), dtype);
}

/** Whether a tensor is as large as a leaf when it is repeated along its axes. */
function isRepeated({ shape: own }: Tensor, { shape }: Tensor): boolean {
  const ahead = shape.length - own.length;
  return ahead >= 0 && own.every((n, i) => n === 1 || n === shape[ahead + i]);
}

function refuse(value: unknown, { name, y }: StatePart, path: string): never {
  throw new TypeError(
    `${path}: expected one number, or what ${name} is like, ${describeValue(y)}; got ${describeValue(value)}`,
  );
}
