import { abs, asTensor, equal, isFloat, less, notEqual, type Ranked } from "@diffrax-ts/program";
import type { Leaf } from "@diffrax-ts/pytree";

/**
 * Whether `x` is NaN.
 *
 * @example
 * ```ts
 * import { isNaN, tensor } from "@diffrax-ts/array";
 *
 * isNaN(tensor([1, NaN])).toArray();
 * // → [0, 1]
 * ```
 */
export function isNaN<X extends Leaf>(x: X): Ranked<X> {
  const array = asTensor(x, "isNaN");
  return notEqual(array, array);
}

/**
 * Whether `x` is neither infinite nor NaN.
 *
 * @example
 * ```ts
 * import { isFinite, tensor } from "@diffrax-ts/array";
 *
 * isFinite(tensor([1, Infinity, NaN])).toArray();
 * // → [1, 0, 0]
 * ```
 */
export function isFinite<X extends Leaf>(x: X): Ranked<X> {
  const array = asTensor(x, "isFinite");
  return isFloat(array.dtype) ? less(abs(array), Infinity) : equal(array, array);
}
