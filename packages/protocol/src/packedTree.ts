// Many leaves of a tree in few arrays: a state of 5000 numbers is one vector wherever the library works on it.
import {
  allocate,
  apply,
  isTraced,
  reshape,
  sameList,
  scalarTensor,
  sizeOf,
  tensorOf,
  valueOf,
} from "@diffrax-ts/program";
import {
  flatten,
  isTensor,
  kindOf,
  match,
  part,
  type Part,
  type Structure,
  structure,
  structuresEqual,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import type { Tree } from "./Tree.ts";

/** So many leaves of one shape and dtype in a row are one array, along a first axis of their own. */
interface Run {
  readonly shape: readonly number[];
  /** How many; 0 for a leaf that stands alone, as it is. */
  readonly count: number;
}

interface Layout {
  /** Of the tree. */
  readonly structure: Structure;
  readonly runs: readonly Run[];
}

/** How the leaves of a tree are put together. A function, as these are compared by identity: one for all trees that are alike. */
export type Packing = () => Layout;

const kind = "PackedTree";

/**
 * A tree whose leaves are put together, in their order, as far as neighbours are alike. To `treeMap`, `treeLeaves` and the norms it is a
 * tree of fewer and larger leaves, and so it is to solvers that say of themselves that they are `isElementwise`.
 */
export interface PackedTree extends Part<typeof kind> {
  readonly packing: Packing;
  /** The arrays. They are plain data, wherever the tree stands. */
  readonly params: readonly Tensor[];
}

/** The fewest leaves that are put together. Fewer make programs of scalars, which live in registers. */
const fewest = 64;

/** How many layouts are remembered. */
const mostKnown = 32;

let known: Packing[] | undefined;

/** Whether a tree is one whose leaves are put together. */
export function isPacked(tree: unknown): tree is PackedTree {
  return kindOf(tree) === kind;
}

/** A tree with its leaves put together, if it has many that are alike; otherwise the tree itself. */
export function packTree(tree: Tree): Tree {
  if (tree === null || isTensor(tree) || isPacked(tree)) return tree;
  const { leaves, structure: like } = flatten(tree);
  if (leaves.length < fewest) return tree;
  const tensors = leaves as readonly Tensor[]; // a tree of the protocol holds nothing else
  const runs = runsOf(tensors);
  if (runs.every(({ count }) => count === 0)) return tree;
  return packed(packingFor(like, runs), tensors);
}

/** How a tree is put together; `null` if it is not. */
export function packingOf(tree: Tree): Packing | null {
  return isPacked(tree) ? tree.packing : null;
}

/** A tree with its leaves put together in a known way. Its structure is taken to be the one that this is for; `null` leaves it as it is. */
export function packBy(packing: Packing | null, tree: Tree): Tree {
  if (packing === null || isPacked(tree)) return tree;
  const leaves: Tensor[] = [];
  match(packing().structure, tree, leaves);
  return packed(packing, leaves);
}

/** A tree of the user, put together wherever another one of the same structure is. */
export function packedLike(tree: Tree, like: Tree): Tree {
  if (isPacked(like)) return packBy(like.packing, tree);
  if (!holdsPacked(like)) return tree;
  const child = (key: string | number): Tree =>
    (tree as Readonly<Record<string | number, Tree>>)[key]!;
  if (Array.isArray(like)) return like.map((one: Tree, i) => packedLike(child(i), one));
  const entries = Object.entries(like as object) as [string, Tree][];
  return Object.fromEntries(entries.map(([key, one]) => [key, packedLike(child(key), one)]));
}

/** The tree of the user, wherever in `tree` leaves were put together. Arrays may have axes before those that they were put together with. */
export function unpackTree(tree: Tree): Tree {
  if (tree === null || isTensor(tree)) return tree;
  if (!isPacked(tree)) {
    if (!holdsPacked(tree)) return tree;
    if (Array.isArray(tree)) return tree.map(unpackTree);
    const entries = Object.entries(tree).map(([key, child]) => [key, unpackTree(child)] as const);
    return Object.fromEntries(entries);
  }
  const { structure: like, runs } = tree.packing();
  return unflatten(
    like,
    runs.flatMap((run, i) => leavesOf(tree.params[i]!, run)),
  ) as Tree;
}

/** Whether leaves of a tree, or of one in it, were put together. */
export function holdsPacked(tree: Tree): boolean {
  if (tree === null || isTensor(tree)) return false;
  return isPacked(tree) || Object.values(tree).some(holdsPacked);
}

/** `f` at each array of trees that are put together alike. */
export function mapPacked(
  f: (...leaves: Tensor[]) => Tensor,
  tree: PackedTree,
  rest: readonly Tree[],
): Tree {
  const { packing, params } = tree;
  const others = rest.map((other) => arraysIn(packBy(packing, other)));
  return asTree(
    packing,
    params.map((x, i) => f(x, ...others.map((other) => other[i]!))),
  );
}

function arraysIn(tree: Tree): readonly Tensor[] {
  return (tree as unknown as PackedTree).params; // of a tree that was put together
}

// It holds a function beside tensors, which a tree of the protocol does not; all that walks through trees looks for it first.
function asTree(packing: Packing, params: readonly Tensor[]): Tree {
  return part(kind, { packing, params }) as unknown as Tree;
}

/** The sum of each leaf of the user's tree, in their order: `[number of leaves]`. */
export function sumsOfLeaves(tree: PackedTree): Tensor {
  const sums = tree.packing().runs.map(({ count, shape }, i) => {
    const axes = [...shape.keys()].map((axis) => axis + (count === 0 ? 0 : 1));
    const [sum] = apply("reduceSum", [tree.params[i]!], { axes });
    return reshape(sum!, [Math.max(count, 1)]);
  });
  return apply("concatenate", sums, { axis: 0 })[0]!;
}

function runsOf(leaves: readonly Tensor[]): Run[] {
  const runs: Run[] = [];
  for (let i = 0; i < leaves.length;) {
    const { shape, dtype } = leaves[i]!;
    let end = i + 1;
    while (
      end < leaves.length &&
      leaves[end]!.dtype === dtype &&
      sameList(leaves[end]!.shape, shape)
    )
      end++;
    const count = end - i;
    if (count >= fewest) runs.push({ shape, count });
    else for (; i < end; i++) runs.push({ shape, count: 0 });
    i = end;
  }
  return runs;
}

function packingFor(like: Structure, runs: readonly Run[]): Packing {
  known ??= [];
  const found = known.find((one) => {
    const layout = one();
    return (
      layout.runs.length === runs.length &&
      layout.runs.every(({ count, shape }, i) => {
        const run = runs[i]!;
        return count === run.count && sameList(shape, run.shape);
      }) &&
      structuresEqual(layout.structure, like)
    );
  });
  if (found !== undefined) return found;
  const made = { structure: like, runs };
  const packing: Packing = () => made;
  known.unshift(packing);
  known.length = Math.min(known.length, mostKnown);
  return packing;
}

function packed(packing: Packing, leaves: readonly Tensor[]): Tree {
  let next = 0;
  const arrays = packing().runs.map(({ count, shape }) => {
    if (count === 0) return leaves[next++]!;
    const own = leaves.slice(next, (next += count));
    return together(own, shape);
  });
  return asTree(packing, arrays);
}

/** Arrays of one shape along a new first axis. */
function together(leaves: readonly Tensor[], shape: readonly number[]): Tensor {
  const all = [leaves.length, ...shape];
  if (leaves.some(isTraced)) {
    return shape.length === 0
      ? apply("pack", leaves, { shape: all })[0]!
      : apply(
          "concatenate",
          leaves.map((x) => reshape(x, [1, ...shape])),
          { axis: 0 },
        )[0]!;
  }
  const { dtype } = leaves[0]!;
  const data = allocate(dtype, all) as Float64Array;
  const size = sizeOf(shape);
  for (const [i, leaf] of leaves.entries()) data.set(valueOf(leaf).data as Float64Array, i * size);
  return tensorOf({ dtype, shape: all, data });
}

/** The leaves in an array that they were put together in. */
function leavesOf(x: Tensor, { count, shape }: Run): readonly Tensor[] {
  if (count === 0) return [x];
  const axis = x.shape.length - 1 - shape.length;
  const own = x.shape.toSpliced(axis, 1);
  if (isTraced(x)) {
    const start = x.shape.map(() => 0);
    const step = x.shape.map(() => 1);
    return Array.from({ length: count }, (_, i) => {
      const window = { start: start.with(axis, i), limit: x.shape.with(axis, i + 1), step };
      return reshape(apply("slice", [x], window)[0]!, own);
    });
  }
  return splitOf(x, axis, own);
}

/** The same of numbers that are there. */
function splitOf(x: Tensor, axis: number, own: readonly number[]): readonly Tensor[] {
  const { dtype, shape, data } = valueOf(x);
  const rows = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const count = shape[axis]!;
  const from = data as Float64Array;
  return Array.from({ length: count }, (_, i) => {
    const to = allocate(dtype, own) as Float64Array;
    for (let row = 0; row < rows; row++) {
      const place = (row * count + i) * inner;
      if (inner === 1) to[row] = from[place]!;
      else to.set(from.subarray(place, place + inner), row * inner);
    }
    return tensorOf({ dtype, shape: own, data: to });
  });
}

/** The structure of the user's tree, of one in which leaves may be put together. */
export function structureUnpacked(like: Structure): Structure {
  const zero = scalarTensor("int32", 0);
  const filled = ({ size }: Structure): Tensor[] => Array.from({ length: size }, () => zero);
  const unpacked = (tree: Tree): Tree => {
    if (isPacked(tree)) {
      const { structure: own } = tree.packing();
      return unflatten(own, filled(own)) as Tree;
    }
    if (tree === null || isTensor(tree)) return tree;
    if (Array.isArray(tree)) return tree.map(unpacked);
    return Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, unpacked(child)]));
  };
  const tree = unflatten(like, filled(like)) as Tree;
  return holdsPacked(tree) ? structure(unpacked(tree)) : like;
}
