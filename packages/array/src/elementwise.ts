import {
  abs,
  add,
  asOperand,
  asTensor,
  astype,
  broadcastTogether,
  div,
  equal,
  greater,
  isFloat,
  type Joined,
  less,
  logicalOr,
  maximum,
  minimum,
  mul,
  notEqual,
  type Ranked,
  sqrt,
  stopGradient,
  sub,
  where,
} from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";

/**
 * `x²`, as `x * x`.
 *
 * @example
 * ```ts
 * import { square, tensor } from "@diffrax-ts/array";
 *
 * square(tensor([-3, 2])).toArray();
 * // → [9, 4]
 * ```
 */
export function square<X extends Leaf>(x: X): Ranked<X> {
  const array = asTensor(x, "square");
  return mul(array, array);
}

/**
 * -1, 0 or 1, as `x` is negative, zero or positive; NaN for NaN. Its derivative is zero.
 *
 * @example
 * ```ts
 * import { sign, tensor } from "@diffrax-ts/array";
 *
 * sign(tensor([-3, 0, 2])).toArray();
 * // → [-1, 0, 1]
 * ```
 */
export function sign<X extends Leaf>(x: X): Ranked<X> {
  const array = asTensor(x, "sign");
  const { dtype } = array;
  const value = sub(astype(greater(array, 0), dtype), astype(less(array, 0), dtype));
  return isFloat(dtype) ? where(notEqual(array, array), stopGradient(array), value) : value;
}

/**
 * `√(a² + b²)`, without overflow or underflow on the way.
 *
 * Infinite if either is, as in IEEE 754, even if the other is NaN.
 *
 * @example
 * ```ts
 * import { hypot } from "@diffrax-ts/array";
 *
 * hypot(3, 4).item();
 * // → 5
 * ```
 */
export function hypot<A extends Leaf, B extends Leaf>(a: A, b: B): Joined<A, B> {
  const [x, y] = broadcastTogether("hypot", asOperand(a, "hypot"), asOperand(b, "hypot")).map(
    abs,
  ) as [Tensor, Tensor];
  const large = maximum(x, y);
  const ratio = div(minimum(x, y), where(equal(large, 0), 1, large));
  const length = mul(large, sqrt(add(mul(ratio, ratio), 1)));
  return where(logicalOr(equal(x, Infinity), equal(y, Infinity)), Infinity, length);
}

/**
 * `x` held between `low` and `high`; `null` for no bound. If they cross, `high` wins.
 *
 * @example
 * ```ts
 * import { clip, tensor } from "@diffrax-ts/array";
 *
 * clip(tensor([-2, 0.5, 9]), 0, 1).toArray();
 * // → [0, 0.5, 1]
 * ```
 */
export function clip<X extends Leaf, Low extends Leaf | null, High extends Leaf | null>(
  x: X,
  low: Low,
  high: High,
): Joined<X, Joined<Low, High>> {
  const array = asTensor(x, "clip");
  const above = low === null ? array : maximum(array, asOperand(low, "clip"));
  return high === null ? above : minimum(above, asOperand(high, "clip"));
}
