import type { DType, Tensor, TensorData } from "@diffrax-ts/pytree";
import { allocate, arrayType, showType, sizeOf } from "./Type.ts";

/** The numbers of an array in row-major order, without gaps: what the evaluator works on. */
export interface ArrayValue {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** An array of zeros. */
export function zeroValue(dtype: DType, shape: readonly number[]): ArrayValue {
  return { dtype, shape, data: allocate(dtype, shape) };
}

/** What tells where in `data` the elements of an array are. */
export type Layout = Pick<Tensor, "dtype" | "shape" | "data" | "stride" | "offset">;

/** The numbers of a concrete tensor, in row-major order without gaps: its own memory where it is so. */
export function valueOf(x: Layout): ArrayValue {
  const { dtype, shape, data, stride, offset } = x;
  const numbers = isDense(x) ? data : contiguous(dtype, shape, data, stride, offset);
  return { dtype, shape, data: numbers };
}

/** Whether the elements of a strided array lie in row-major order without gaps, and nothing else does. */
export function isDense({ shape, data, stride, offset }: Layout): boolean {
  // Memory behind a proxy is none that could be handed on.
  if (offset !== 0 || !ArrayBuffer.isView(data)) return false;
  let size = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (stride[axis] !== size && shape[axis] !== 1) return false;
    size *= shape[axis]!;
  }
  return data.length === size;
}

/**
 * The elements of a strided array, in row-major order without gaps, copied.
 *
 * @throws RangeError if some of them lie outside of `data`.
 */
export function contiguous(
  dtype: DType,
  shape: readonly number[],
  data: ArrayLike<number> | ArrayLike<bigint>,
  stride: readonly number[],
  offset: number,
): TensorData {
  const size = sizeOf(shape);
  const result = allocate(dtype, shape);
  const index = shape.map(() => 0);
  let place = offset;
  for (let i = 0; i < size; i++) {
    const x = data[place];
    if (x === undefined) throw new RangeError(missingElement(dtype, shape, place));
    result[i] = typeof x === "number" && dtype === "int64" ? BigInt(x) : x;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += stride[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      place -= stride[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

function missingElement(dtype: DType, shape: readonly number[], place: number): string {
  return (
    `a ${showType(arrayType(dtype, shape))} has no element at ${place} of its data; ` +
    "its memory was transferred to somebody else, or its shape, stride and offset do not go together"
  );
}
