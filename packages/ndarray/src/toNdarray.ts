import { isTraced } from "@diffrax-ts/program";
import { describeValue, isTensor, type Tensor, type TensorData } from "@diffrax-ts/pytree";
import ndarray, { type NdArray } from "ndarray";

/** What the numbers of an ndarray made from a tensor are stored in: truth values as 0 and 1 in a `Uint8Array`. */
export type NumberData = Exclude<TensorData, BigInt64Array>;

/**
 * A tensor as a scijs ndarray: a **view**, nothing is copied.
 *
 * Tensors are taken to stay as they are, so do not write to the view: copy first, for example with
 * `ndarray-ops` (`ops.assign(copy, view)`), or hand in `tensor.add(0)`, whose memory is its own.
 *
 * @throws TypeError if `x` is no tensor, if it is traced and has no numbers yet, or if it holds int64, which is
 * stored as `bigint`, with which scijs does not calculate.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { toNdarray } from "@diffrax-ts/ndarray";
 *
 * const a = toNdarray(tensor([[1, 2, 3], [4, 5, 6]]));
 * a.get(1, 2);
 * // → 6
 * a.transpose(1, 0).shape;
 * // → [3, 2]
 * ```
 */
export function toNdarray(x: Tensor): NdArray<NumberData> {
  if (!isTensor(x)) {
    throw new TypeError(
      `toNdarray: expected a tensor, got ${describeValue(x)}; write tensor(…) around it`,
    );
  }
  if (isTraced(x)) {
    throw new TypeError(
      `toNdarray: a ${x.toString()} has no numbers yet; return it from the function that is being traced, and convert the result`,
    );
  }
  if (x.dtype === "int64") {
    throw new TypeError(
      'toNdarray: int64 is stored as bigint; convert it first: astype(x, "float64")',
    );
  }
  return ndarray(x.data as NumberData, [...x.shape], [...x.stride], x.offset);
}
