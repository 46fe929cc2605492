import { asTensor, stridedTensor } from "@diffrax-ts/program";
import {
  type DType,
  describeValue,
  isStrided,
  isTypedArray,
  type Strided,
  type Tensor,
  type TensorData,
} from "@diffrax-ts/pytree";

/**
 * A scijs ndarray, or anything of its form, as a tensor.
 *
 * A **view** of the same memory, whatever the strides and the offset, if that is a `Float64Array`, `Float32Array`,
 * `Int32Array`, `Uint32Array` or `BigInt64Array`: do not write to it afterwards. A **copy** otherwise: of smaller
 * integers as int32, of JavaScript arrays and stores with `get` as float64.
 *
 * The functions of this library take an ndarray of float64, float32, int32 or uint32 as it is; this is for the other ones,
 * and for the methods of a tensor.
 *
 * @throws TypeError if `a` has not the form of an ndarray, or holds what no dtype can, such as `BigUint64Array`.
 *
 * @example
 * ```ts
 * import { fromNdarray } from "@diffrax-ts/ndarray";
 * import ndarray from "ndarray";
 *
 * const image = ndarray(Uint8Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
 * fromNdarray(image.step(1, -1)).toArray();
 * // → [[3, 2, 1], [6, 5, 4]]
 * fromNdarray(image).dtype;
 * // → "int32"
 * ```
 */
export function fromNdarray(a: Strided): Tensor {
  if (!isStrided(a)) {
    throw new TypeError(
      `fromNdarray: expected an ndarray, with data, shape, stride, offset and get, got ${describeValue(a)}`,
    );
  }
  // No ndarray, but a copy of a tensor, which says of its bytes that they are truth values.
  if (a.dtype === "bool") return asTensor(a, "fromNdarray");
  const { data, shape, stride, offset } = a;
  const kind = Object.prototype.toString.call(data).slice(8, -1);
  const viewed = views[kind];
  const copied = isTypedArray(data) ? copies[kind] : "float64";
  if (viewed === undefined && copied === undefined) {
    throw new TypeError(
      `fromNdarray: there is no dtype for a ${kind}; convert it to one of ${Object.keys(views).join(", ")}`,
    );
  }
  const values =
    viewed === undefined ? numbersOf(data as Store, copied === "int32") : (data as TensorData);
  const dtype = (viewed ?? copied)!;
  return stridedTensor(dtype, [...shape], values, [...stride], offset);
}

const views: Readonly<Record<string, DType>> = {
  Float64Array: "float64",
  Float32Array: "float32",
  Int32Array: "int32",
  Uint32Array: "uint32",
  BigInt64Array: "int64",
};

const copies: Readonly<Record<string, DType>> = {
  Int8Array: "int32",
  Uint8Array: "int32",
  Uint8ClampedArray: "int32",
  Int16Array: "int32",
  Uint16Array: "int32",
};

/** An array of numbers, or a store that reads them. */
interface Store extends ArrayLike<number> {
  get?(place: number): number;
}

function numbersOf(data: Store, isInteger: boolean): Float64Array | Int32Array {
  const list = Array.from({ length: data.length }, (_, i) => data.get?.(i) ?? data[i]!);
  return isInteger ? Int32Array.from(list) : Float64Array.from(list);
}
