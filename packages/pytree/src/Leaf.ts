import { isDType, isTensor, type Tensor } from "./Tensor.ts";

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

/**
 * A strided array that is no tensor, known by its form: an `ndarray` of scijs, which has `get`, or a copy of a tensor
 * without its methods, as `structuredClone`, `postMessage` and spread make it, which is known by its `dtype`.
 */
export type Strided = StridedArray | TensorRecord;

/** A strided array of another library. */
export interface StridedArray {
  readonly data: ArrayLike<number> | ArrayLike<bigint> | object;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
  readonly dtype?: unknown;
  get(...indices: readonly number[]): unknown;
}

/** What remains of a tensor when its methods are taken away. */
export interface TensorRecord extends Pick<
  Tensor,
  "dtype" | "shape" | "data" | "stride" | "offset"
> {
  /** A tensor is none, so that one of another rank is not taken for one of any. */
  readonly at?: never;
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

/** Whether memory behind a typed array is gone: it was transferred, to a worker for example. */
export function isDetached({ length, buffer }: TypedArray): boolean {
  if (length > 0) return false;
  try {
    void new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/** Whether `value` is no tensor and has the form of a strided array: `data`, `shape`, `stride`, `offset`, and `get` or a dtype of ours. */
export function isStrided(value: unknown): value is Strided {
  if (typeof value !== "object" || value === null || isTensor(value)) return false;
  const array = value as Partial<StridedArray>;
  return (
    Array.isArray(array.shape) &&
    Array.isArray(array.stride) &&
    typeof array.offset === "number" &&
    typeof array.data === "object" &&
    array.data !== null &&
    (typeof array.get === "function" || isDType(array.dtype))
  );
}
