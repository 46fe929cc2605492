import type { DType, Tensor, TensorData } from "@diffrax-ts/pytree";
import type { ArrayValue } from "./ArrayValue.ts";
import { ArrayTensor, Constant, FilledTensor, mostFilled, StoredTensor } from "./tensors.ts";
import { traceContext } from "./traceContext.ts";
import { allocate, rowMajor, sizeOf } from "./Type.ts";

/** A tensor over memory that is not copied; `stride` and `offset` tell where in it. */
export function stridedTensor(
  dtype: DType,
  shape: readonly number[],
  data: TensorData,
  stride: readonly number[],
  offset: number,
): Tensor {
  const Kind = shape.length === 0 ? StoredTensor : ArrayTensor;
  return new Kind(dtype, shape, data, stride, offset) as Tensor;
}

/** A tensor over the data of an array value. */
export function tensorOf({ dtype, shape, data }: ArrayValue): Tensor {
  return stridedTensor(dtype, shape, data, rowMajor(shape), 0);
}

/** A scalar with this value, which must be exact in `dtype`. */
export function scalarTensor(dtype: DType, x: number | bigint): Tensor<readonly []> {
  const scalar = dtype === "int64" ? BigInt(x) : x;
  if (traceContext().current !== null)
    return new Constant(dtype, scalar) as object as Tensor<readonly []>;
  const data = allocate(dtype, 1);
  data[0] = scalar;
  return new StoredTensor(dtype, [], data, [], 0) as object as Tensor<readonly []>;
}

/** An array of one number, exact in the dtype; in a trace a large one takes no memory until it is read. */
export function filledTensor(
  dtype: DType,
  shape: readonly number[],
  scalar: number | bigint,
): Tensor {
  if (traceContext().current !== null && sizeOf(shape) >= mostFilled)
    return new FilledTensor(dtype, shape, scalar) as object as Tensor;
  const data = allocate(dtype, shape);
  data.fill(scalar as never); // a bigint where the array holds bigints
  return tensorOf({ dtype, shape, data });
}

/** A constant scalar of this dtype, for a Program. */
export function constantOf(dtype: DType, x: number): Constant {
  return new Constant(dtype, dtype === "int64" ? BigInt(x) : x);
}
