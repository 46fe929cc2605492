import { astype, broadcastTo, isNaN, ravel, tensor } from "@diffrax-ts/array";
import { asTensor, isTraced } from "@diffrax-ts/autodiff";
import { type Tree, treeLeaves } from "@diffrax-ts/protocol";
import {
  describeValue,
  type DType,
  isLeaf,
  isTensor,
  keyPath,
  type Leaf,
  type Scalar,
  type Strided,
  type Tensor,
  type TypedArray,
} from "@diffrax-ts/pytree";

/** Times of observations, increasing. */
export type Times = Leaf | readonly number[];

/** What data are as tensors: a list of numbers, or of lists of them, is one. */
export type DataOf<Ys> = 0 extends 1 & Ys
  ? Ys
  : Ys extends Tensor
    ? Ys
    : Ys extends TypedArray | readonly number[]
      ? Tensor<readonly [number]>
      : Ys extends Strided
        ? Tensor
        : Ys extends readonly (readonly number[])[]
          ? Tensor<readonly [number, number]>
          : { readonly [Key in keyof Ys]: DataOf<Ys[Key]> };

/** One row of data, at one time. */
export type RowOf<Ys> = 0 extends 1 & Ys
  ? Ys
  : Ys extends Tensor
    ? Tensor<RestOf<Ys["shape"]>>
    : Ys extends TypedArray | readonly number[]
      ? Scalar
      : Ys extends Strided
        ? Tensor
        : Ys extends readonly (readonly number[])[]
          ? Tensor<readonly [number]>
          : { readonly [Key in keyof Ys]: RowOf<Ys[Key]> };

type RestOf<Shape extends readonly number[]> = Shape extends readonly [
  number,
  ...infer Rest extends readonly number[],
]
  ? Rest
  : readonly number[];

/** Observations that were looked at. */
export interface Data {
  /** `[n]` */
  readonly ts: Tensor<readonly [number]>;
  /** All with `n` rows, and of the dtype of the times. */
  readonly ys: Tree;
}

/** What data are called, and how many rows they have. */
interface DataForm {
  readonly argument?: string;
  /** For `n` times. @defaultValue n */
  readonly rows?: (n: number) => number;
}

/**
 * Times and observations as tensors of one dtype. Whole numbers take that of the others, and lists of numbers too.
 *
 * @throws TypeError for times of another dtype or number of axes than is needed, or another number of rows; RangeError for times that
 * do not increase.
 */
export function readData(
  name: string,
  ts: Times,
  ys: unknown,
  { argument = "ys", rows = (n) => n }: DataForm = {},
): Data {
  const dtype = floatOf(ts) ?? floatOf(ys) ?? "float64";
  const given = treeOf(`${name}: ${argument}`, ys, dtype);
  const times = timesOf(name, ts, dtype);
  const [n] = times.shape;
  const read = (tree: Tree, path: string): Tree => {
    if (tree === null) return null;
    if (!isTensor(tree)) return children(tree, path, read);
    if (tree.shape[0] !== rows(n)) {
      throw new TypeError(
        `${path}: expected ${rows(n)} rows for the ${n} times in ts, got ${describeValue(tree)}`,
      );
    }
    return likeTimes(path, tree, times.dtype);
  };
  return { ts: times, ys: read(given, `${name}: ${argument}`) };
}

/** Times that increase, in a vector of floats. */
function timesOf(name: string, ts: Times, dtype: DType): Tensor<readonly [number]> {
  const given = Array.isArray(ts)
    ? tensor(ts as readonly number[], { dtype })
    : asTensor(ts as Leaf, `${name}: ts`);
  if (given.shape.length !== 1)
    throw new TypeError(`${name}: ts must be a vector of times, got ${describeValue(given)}`);
  const isFloat = given.dtype === "float64" || given.dtype === "float32";
  const times = isFloat ? given : astype(given, dtype);
  const n = times.shape[0]!;
  if (n < 2) throw new RangeError(`${name}: ts must be two times at least, got ${n}`);
  if (!isTraced(times)) checkIncreasing(name, [...times]);
  return times as Tensor<readonly [number]>;
}

function checkIncreasing(name: string, times: readonly number[]): void {
  const i = times.findIndex((t, k) => k > 0 && !(times[k - 1]! < t));
  if (i < 0) return;
  throw new RangeError(
    `${name}: ts must increase, got ${times[i - 1]} and then ${times[i]} at index ${i}`,
  );
}

/** The float type of some array in a tree; `undefined` if there are only numbers, which have none, and whole ones. */
function floatOf(tree: unknown): DType | undefined {
  if (isLeaf(tree)) {
    if (typeof tree === "number") return undefined;
    const { dtype } = asTensor(tree);
    return dtype === "float64" || dtype === "float32" ? dtype : undefined;
  }
  if (typeof tree !== "object" || tree === null || isNumbers(tree)) return undefined;
  for (const child of Object.values(tree)) {
    const dtype = floatOf(child);
    if (dtype !== undefined) return dtype;
  }
  return undefined;
}

function likeTimes(path: string, x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  if (x.dtype !== "float64" && x.dtype !== "float32") return astype(x, dtype);
  throw new TypeError(`${path}: is ${x.dtype}, and ts is ${dtype}; make them alike with np.astype`);
}

/** Data that were given, as a tree of tensors. */
function treeOf(path: string, value: unknown, dtype: DType): Tree {
  if (value === null || isTensor(value)) return value;
  if (typeof value === "number")
    throw new TypeError(`${path}: expected a row for each time, got the number ${value}`);
  if (isLeaf(value)) return asTensor(value, path);
  if (isNumbers(value)) return tensor(value as never, { dtype });
  if (typeof value === "object" && value !== undefined)
    return children<unknown>(value as Readonly<Record<string, unknown>>, path, (child, at) =>
      treeOf(at, child, dtype),
    );
  throw new TypeError(
    `${path}: expected data in tensors, arrays and objects, got ${describeValue(value)}`,
  );
}

/** Whether a value is a list of numbers, or of such lists. */
function isNumbers(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((x) => typeof x === "number" || isNumbers(x))
  );
}

function children<Child>(
  tree: readonly Child[] | Readonly<Record<string, Child>>,
  path: string,
  each: (child: Child, path: string) => Tree,
): Tree {
  if (Array.isArray(tree)) return tree.map((child: Child, i) => each(child, `${path}[${i}]`));
  return Object.fromEntries(
    Object.entries(tree as Readonly<Record<string, Child>>).map(([key, child]) => [
      key,
      each(child, path + keyPath(key)),
    ]),
  );
}

/** A value for the first row of data, such as a slope, in their structure: each leaf is repeated to its shape. */
export function rowLike(path: string, value: unknown, ys: Tree): Tree {
  if (ys === null) return null;
  if (isTensor(ys)) {
    const { dtype } = ys;
    const shape = ys.shape.slice(1);
    if (!isLeaf(value) && !isNumbers(value))
      throw new TypeError(
        `${path}: expected ${dtype}[${shape.join()}] as a row of ys, got ${describeValue(value)}`,
      );
    const row = isLeaf(value) ? asTensor(value, path) : tensor(value as never);
    const isFit = row.shape.every(
      (n, i) => n === 1 || n === shape[shape.length - row.shape.length + i],
    );
    if (isFit) return broadcastTo(astype(row, dtype), shape);
    throw new TypeError(
      `${path}: expected ${dtype}[${shape.join()}] as a row of ys, got ${describeValue(row)}`,
    );
  }
  if (
    typeof value !== "object" ||
    value === null ||
    isLeaf(value) ||
    Array.isArray(value) !== Array.isArray(ys)
  )
    throw new TypeError(`${path}: expected the structure of ys, got ${describeValue(value)}`);
  const given = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(given))
    if (!Object.hasOwn(ys, key)) throw new TypeError(`${path}${keyPath(key)}: there is none in ys`);
  return childrenWith(ys, given, path);
}

function childrenWith(
  ys: Exclude<Tree, Tensor | null>,
  given: Readonly<Record<string, unknown>>,
  path: string,
): Tree {
  if (Array.isArray(ys))
    return ys.map((child: Tree, i) => rowLike(`${path}[${i}]`, given[i], child));
  return Object.fromEntries(
    Object.entries(ys).map(([key, child]) => [
      key,
      rowLike(path + keyPath(key), given[key], child),
    ]),
  );
}

/** Refuses not-a-numbers that are known, where they stand for missing data. */
export function checkNans(name: string, argument: string, data: Tree): void {
  for (const leaf of treeLeaves(data)) {
    if (isTraced(leaf)) continue;
    const size = leaf.shape.slice(1).reduce((product, n) => product * n, 1);
    const place = [...ravel(isNaN(leaf))].indexOf(1);
    if (place < 0) continue;
    throw new RangeError(
      `${name}: ${argument} has a NaN in row ${Math.floor(place / size)}; fill in missing data before, or pass { allowNans: true } to get NaN there`,
    );
  }
}

/** A time to be asked for, of the dtype of the knots. */
export function timeIn(name: string, t: number | Scalar, { dtype }: Tensor): Tensor {
  if (typeof t === "number") return astype(t, dtype);
  if (!isLeaf(t) || asTensor(t, name).shape.length > 0) {
    throw new TypeError(
      `${name}: t must be one number, got ${describeValue(t)}; for many times take vmap`,
    );
  }
  const time = asTensor(t, name);
  if (time.dtype === dtype) return time;
  if (time.dtype !== "float64" && time.dtype !== "float32") return astype(time, dtype);
  throw new TypeError(
    `${name}: t is ${time.dtype}, and the times of the data are ${dtype}; make them alike with np.astype`,
  );
}
