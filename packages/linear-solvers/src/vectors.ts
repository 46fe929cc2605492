// Trees of tensors as vectors: their leaves one after the other.
import { asTensor, concatenate, reshape, slice, zeros, stack } from "@diffrax-ts/array";
import { leavesLike, type ShapeAndType } from "@diffrax-ts/autodiff";
import { isFloat, leafType, scalarTensor, sizeOf } from "@diffrax-ts/program";
import {
  describeValue,
  type DType,
  flatten,
  isLeaf,
  type Leaf,
  map,
  type Structure,
  structuresEqual,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";

/** What trees of one kind have in common. */
export interface Space {
  readonly structure: Structure;
  /** Of the leaves. */
  readonly types: readonly ShapeAndType[];
  /** Of all leaves. */
  readonly dtype: DType;
  /** The number of elements of all leaves. */
  readonly size: number;
}

/**
 * The space of trees like one of `{ dtype, shape }`.
 *
 * @param name - What the tree is called in errors.
 * @throws TypeError if the leaves are not all of one float dtype.
 */
export function spaceOf(shapes: unknown, name: string): Space {
  const known = new Map<unknown, ShapeAndType>();
  const { leaves, structure } = flatten(withLeaves(shapes, known), name);
  const types = leaves.map((leaf) => {
    const { dtype, shape } = known.get(leaf) ?? leafType(leaf, name);
    return { dtype, shape };
  });
  const { dtype } = types[0] ?? { dtype: "float64" };
  const other = types.find((type) => type.dtype !== dtype || !isFloat(type.dtype));
  if (other === undefined) {
    return { structure, types, dtype, size: types.reduce((n, type) => n + sizeOf(type.shape), 0) };
  }
  const advice = isFloat(other.dtype)
    ? `${dtype} and ${other.dtype}; convert one of them with astype`
    : `${other.dtype}; convert it with astype`;
  throw new TypeError(`${name}: all leaves have to be of one float dtype, got ${advice}`);
}

/** A tree with a leaf for each `{ dtype, shape }`, and that in `known`. */
function withLeaves(tree: unknown, known: Map<unknown, ShapeAndType>): unknown {
  if (isShape(tree)) {
    const leaf = scalarTensor(tree.dtype, 0);
    known.set(leaf, tree);
    return leaf;
  }
  if (isLeaf(tree) || typeof tree !== "object" || tree === null) return tree;
  if (Array.isArray(tree)) return tree.map((child) => withLeaves(child, known));
  const children = Object.entries(tree).map(([key, child]) => [key, withLeaves(child, known)]);
  return { ...tree, ...(Object.fromEntries(children) as object) };
}

function isShape(value: unknown): value is ShapeAndType {
  return (
    typeof value === "object" &&
    value !== null &&
    !isLeaf(value) &&
    typeof (value as Partial<ShapeAndType>).dtype === "string" &&
    Array.isArray((value as Partial<ShapeAndType>).shape)
  );
}

/** Shapes and dtypes of a tree of tensors, or of one that says them already. */
export function shapesOf(tree: unknown, name: string): unknown {
  const { structure, types } = spaceOf(tree, name);
  return unflatten(structure, types);
}

/** Whether two trees of shapes are those of the same trees. */
export function sameSpace(a: Space, b: Space): boolean {
  return (
    structuresEqual(a.structure, b.structure) &&
    a.types.every(({ dtype, shape }, i) => {
      const other = b.types[i]!;
      return (
        dtype === other.dtype &&
        shape.length === other.shape.length &&
        shape.every((n, axis) => n === other.shape[axis])
      );
    })
  );
}

/** For errors. */
export function describeSpace({ structure, types }: Space): string {
  const names = types.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`);
  return types.length === 1 && structure.children.length === 0
    ? names[0]!
    : JSON.stringify(unflatten(structure, names)).replaceAll('"', "");
}

/**
 * A tree as one vector.
 *
 * @throws TypeError that says where it departs from the space, and how.
 */
export function packed(space: Space, tree: unknown, name: string): Tensor {
  const leaves = leavesLike(space.structure, space.types, tree, name);
  if (leaves.length > 1 && leaves.every(({ shape }) => shape.length === 0)) return stack(leaves);
  const vectors = leaves.map((x) => (x.shape.length === 1 ? x : reshape(x, [x.size])));
  return vectors.length === 1 ? vectors[0]! : concatenate(vectors);
}

/** A vector as a tree. */
export function unpacked({ structure, types }: Space, vector: Tensor): unknown {
  let place = 0;
  const leaves = types.map(({ shape }) => {
    const size = sizeOf(shape);
    const start = place;
    place += size;
    const part = size === vector.size ? vector : slice(vector, [start, place]);
    return shape.length === 1 ? part : reshape(part, shape);
  });
  return unflatten(structure, leaves);
}

/**
 * A tensor of floats.
 *
 * @throws TypeError if it is none.
 */
export function floatTensor(name: string, x: Leaf): Tensor {
  if (!isLeaf(x)) {
    const advice = Array.isArray(x) ? "; write tensor(…) around it" : "";
    throw new TypeError(`${name} must be a tensor, got ${describeValue(x)}${advice}`);
  }
  const array = asTensor(x, name);
  if (isFloat(array.dtype)) return array;
  throw new TypeError(
    `${name} must be of float64 or float32, got ${describeValue(array)}; convert it with astype`,
  );
}

/** Every leaf of a tree as a tensor of floats. */
export function floatTree<T>(name: string, tree: T): T {
  return map((leaf) => floatTensor(name, leaf as Leaf) as never, tree) as T;
}

/**
 * A tree of tensors, made sure to lie in a space.
 *
 * @throws TypeError that says where it departs, and how.
 */
export function vectorIn({ structure, types }: Space, tree: unknown, name: string): unknown {
  return unflatten(structure, leavesLike(structure, types, tree, name));
}

/** The tree of zeros. */
export function zeroVector(space: Space): unknown {
  return unpacked(space, zeros(space.size, { dtype: space.dtype }));
}
