import {
  add,
  asOperand,
  bitcast,
  broadcastTogether,
  equal,
  isFloat,
  type Joined,
  less,
  logicalOr,
  notEqual,
  scalarTensor,
  stopGradient,
  sub,
  where,
} from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";

/**
 * The next float after `a` towards `b`: `b` itself where they are equal, NaN if either is. Its derivative with respect to
 * `a` is zero, and so is that with respect to `b`.
 *
 * @throws TypeError if they are not floats.
 *
 * @example
 * ```ts
 * import { nextafter } from "@diffrax-ts/array";
 *
 * nextafter(1, 2).item() - 1;
 * // → 2.220446049250313e-16
 * ```
 */
export function nextafter<A extends Leaf, B extends Leaf>(a: A, b: B): Joined<A, B> {
  const [x, y] = broadcastTogether(
    "nextafter",
    asOperand(a, "nextafter"),
    asOperand(b, "nextafter"),
  ).map((operand) => {
    if (isFloat(operand.dtype)) return stopGradient(operand);
    throw new TypeError(
      `nextafter: expected floats, got ${operand.dtype}; convert them with astype`,
    );
  }) as [Tensor, Tensor];
  const wide = x.dtype === "float64";
  const one = scalarTensor(wide ? "int64" : "int32", wide ? 1n : 1);
  const bits = bitcast(x, one.dtype);
  // The bits of a float, read as an integer, grow with its magnitude.
  const outwards = equal(less(x, y), less(0, x));
  const moved = bitcast(where(outwards, add(bits, one), sub(bits, one)), x.dtype);
  const tiny = bitcast(one, x.dtype);
  const fromZero = where(less(0, y), tiny, tiny.neg());
  const next = where(equal(x, 0), fromZero, moved);
  return where(logicalOr(notEqual(x, x), notEqual(y, y)), add(x, y), where(equal(x, y), y, next));
}
