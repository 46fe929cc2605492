import type { DType, TensorData } from "@diffrax-ts/pytree";
import { refuseArray } from "./roomFor.ts";

/** What is known of a value before it exists: its kind of number and its shape. */
export interface Type {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** A write-once buffer, which only `bufferWrite` may change and only `bufferFreeze` make readable. */
  readonly buffer: boolean;
}

/** The type of an array that can be read. */
export function arrayType(dtype: DType, shape: readonly number[]): Type {
  return { dtype, shape, buffer: false };
}

/** The number of elements of an array of this shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis]!;
  return size;
}

/** The distance between neighbours along each axis of a row-major array without gaps. */
export function rowMajor(shape: readonly number[]): number[] {
  if (shape.length <= 1) return shape.length === 0 ? [] : [1];
  const stride = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    stride[axis] = stride[axis + 1]! * shape[axis + 1]!;
  }
  return stride;
}

/** Whether two lists of numbers are the same. */
export function sameList(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether two values have the same type. */
export function sameType(a: Type, b: Type): boolean {
  return a.dtype === b.dtype && a.buffer === b.buffer && sameList(a.shape, b.shape);
}

/** `float64[3,2]`; a scalar is `float64`. */
export function showType({ dtype, shape, buffer }: Type): string {
  const dims = shape.length === 0 ? "" : `[${shape.join()}]`;
  return `${buffer ? "buffer of " : ""}${dtype}${dims}`;
}

/** Whether numbers of this type have fractions. */
export function isFloat(dtype: DType): boolean {
  return dtype === "float64" || dtype === "float32";
}

/** The distance from 1 to the next float of this type. */
export function epsilon(dtype: DType): number {
  return dtype === "float32" ? 2 ** -23 : 2 ** -52;
}

/** What holds the elements. */
const arrays = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
};

/** The bytes of one element in memory. */
export function bytesOf(dtype: DType): number {
  return arrays[dtype].BYTES_PER_ELEMENT;
}

/**
 * A typed array of zeros that can hold so many elements of this type.
 *
 * @param shape - Their number, or the shape of the tensor that they are for.
 * @throws RangeError where the engine has no room for it.
 */
export function allocate(dtype: DType, shape: number | readonly number[]): TensorData {
  const size = typeof shape === "number" ? shape : sizeOf(shape);
  try {
    return new arrays[dtype](size);
  } catch (error) {
    // For this alone a typed array cannot be made; what is thrown then is no RangeError everywhere, and in Firefox no Error.
    refuseArray(
      { dtype, shape: typeof shape === "number" ? [shape] : shape },
      bytesOf(dtype),
      error,
    );
  }
}
