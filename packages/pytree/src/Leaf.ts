import { isTensor, type Tensor } from "./Tensor.ts";

/** A typed array: any of them, but not a `DataView`. */
export type TypedArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** A strided array of another library, known by its form. An `ndarray` of scijs is one. */
export interface Strided {
  readonly data: ArrayLike<number> | ArrayLike<bigint> | object;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
  get(...indices: readonly number[]): unknown;
}

/** What a tree carries: values that may change from call to call without a new trace. */
export type Leaf = number | Tensor | TypedArray | Strided;

/** What belongs to the structure of a tree: a change of it is another tree. */
export type Static = string | boolean | bigint | symbol | null | undefined | Callable;

/** Any function. */
export type Callable = (...args: never) => unknown;

/** Whether `value` is a leaf of plain data: a number, a tensor, a typed array or a strided array. */
export function isLeaf(value: unknown): value is Leaf {
  return typeof value === "number" || isArrayLeaf(value);
}

/** Whether `value` is a leaf everywhere, also inside a part: a tensor, a typed array or a strided array. */
export function isArrayLeaf(value: unknown): value is Exclude<Leaf, number> {
  return isTensor(value) || isTypedArray(value) || isStrided(value);
}

/** Whether `value` is a typed array, of any realm. */
export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && "length" in value;
}

/** Whether `value` has the form of a strided array: `data`, `shape`, `stride`, `offset` and `get`. */
export function isStrided(value: unknown): value is Strided {
  if (typeof value !== "object" || value === null) return false;
  const array = value as Partial<Strided>;
  return (
    Array.isArray(array.shape) &&
    Array.isArray(array.stride) &&
    typeof array.offset === "number" &&
    typeof array.data === "object" &&
    typeof array.get === "function"
  );
}
