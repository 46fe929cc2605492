import { abs, and, eq, isFloat, lt, ne, not, or, xor } from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";
import { asArray } from "./asArray.ts";

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
export function isNaN(x: Leaf): Tensor {
  const array = asArray("isNaN", x);
  return ne(array, array);
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
export function isFinite(x: Leaf): Tensor {
  const array = asArray("isFinite", x);
  return isFloat(array.dtype) ? lt(abs(array), Infinity) : eq(array, array);
}

/**
 * Whether both are true. Numbers are true unless they are 0, here and below.
 *
 * @example
 * ```ts
 * import { logicalAnd, tensor } from "@diffrax-ts/array";
 *
 * logicalAnd(tensor([true, true]), tensor([true, false])).toArray();
 * // → [1, 0]
 * ```
 */
export function logicalAnd(a: Leaf, b: Leaf): Tensor {
  return and(truth("logicalAnd", a), truth("logicalAnd", b));
}

/**
 * Whether one of them is true, or both.
 *
 * @example
 * ```ts
 * import { logicalOr, tensor } from "@diffrax-ts/array";
 *
 * logicalOr(tensor([true, false]), tensor([false, false])).toArray();
 * // → [1, 0]
 * ```
 */
export function logicalOr(a: Leaf, b: Leaf): Tensor {
  return or(truth("logicalOr", a), truth("logicalOr", b));
}

/**
 * Whether one of them is true, and the other is not.
 *
 * @example
 * ```ts
 * import { logicalXor, tensor } from "@diffrax-ts/array";
 *
 * logicalXor(tensor([true, true]), tensor([true, false])).toArray();
 * // → [0, 1]
 * ```
 */
export function logicalXor(a: Leaf, b: Leaf): Tensor {
  return xor(truth("logicalXor", a), truth("logicalXor", b));
}

/**
 * Whether `x` is false.
 *
 * @example
 * ```ts
 * import { logicalNot, tensor } from "@diffrax-ts/array";
 *
 * logicalNot(tensor([true, false])).toArray();
 * // → [0, 1]
 * ```
 */
export function logicalNot(x: Leaf): Tensor {
  return not(truth("logicalNot", x));
}

/** Truth values as they are; numbers are true unless they are 0. */
export function truth(name: string, x: Leaf): Tensor {
  const array = asArray(name, x);
  return array.dtype === "bool" ? array : ne(array, 0);
}
