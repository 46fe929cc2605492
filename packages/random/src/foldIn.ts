import { astype, tensor } from "@diffrax-ts/array";
import { isFloat } from "@diffrax-ts/program";
import { describeValue, isStrided, isTensor, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import type { Key } from "./key.ts";
import { threefry2x32 } from "./threefry2x32.ts";

/**
 * A new key from a key and an integer: one for every step, or for every element of a batch. `foldIn(key, i)` is
 * `split(key, n).at(i)`.
 *
 * @param data - An integer from -2³¹ up to, and without, 2³², taken modulo 2³²; or a scalar tensor of integers, of
 * which the lower 32 bits count.
 * @returns uint32, `[2]`.
 * @throws TypeError if `key` is no key or `data` no integer; RangeError if it does not fit.
 *
 * @example
 * ```ts
 * import { foldIn, key } from "@diffrax-ts/random";
 *
 * foldIn(key(0), 7).toArray();
 * // → [2716826189, 292468403]
 * ```
 */
export function foldIn(key: Key, data: number | Tensor): Key {
  return threefry2x32(key, tensor([0, wordOf(data)], { dtype: "uint32" }));
}

function wordOf(data: number | Tensor): number | Scalar {
  if (typeof data === "number") {
    if (Number.isInteger(data) && data >= -(2 ** 31) && data < 2 ** 32) return data >>> 0;
    throw new RangeError(`foldIn: data must be an integer of 32 bits, got ${data}`);
  }
  const isScalar = (isTensor(data) || isStrided(data)) && data.shape.length === 0;
  if (isScalar && !isFloat(data.dtype) && data.dtype !== "bool")
    return astype(data, "uint32") as Scalar;
  throw new TypeError(
    `foldIn: data must be an integer or a scalar tensor of integers, got ${describeValue(data)}`,
  );
}
