import type { DType, TensorData } from "@diffrax-ts/pytree";
import { allocate, sizeOf } from "./Type.ts";

/** The numbers of an array in row-major order, without gaps: what the evaluator works on. */
export interface ArrayValue {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** An array of zeros. */
export function zeroValue(dtype: DType, shape: readonly number[]): ArrayValue {
  return { dtype, shape, data: allocate(dtype, sizeOf(shape)) };
}

/** The elements of a strided array, in row-major order without gaps. A copy only if it is not so already. */
export function contiguous(
  dtype: DType,
  shape: readonly number[],
  data: ArrayLike<number> | ArrayLike<bigint>,
  stride: readonly number[],
  offset: number,
): TensorData {
  const size = sizeOf(shape);
  const result = allocate(dtype, size);
  const index = shape.map(() => 0);
  let place = offset;
  for (let i = 0; i < size; i++) {
    result[i] = data[place]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += stride[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      place -= stride[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
