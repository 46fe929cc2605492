import type { ExactOps } from "./exact.ts";
import { expOfRest, expParts, finishFar, scale } from "./exp.ts";
import { polynomial } from "./polynomial.ts";

// sinh x = x + x³ S(x²) on |x| ≤ ¾; error 2^-58.9.
const SINH = [
  0.16666666666666646, 0.008333333333340385, 0.000198412698331538, 2.755732351165e-6,
  2.505096475e-8, 1.6208866e-10,
];

/** `F ± ¼ / F` with `F = e^a / 2`, `a ≥ 0`; `F` alone where it is large. */
function halfExp<V, I, B>(o: ExactOps<V, I, B>, a: V, signed: (quarter: V) => V): V {
  const parts = expParts(o, a);
  const { value: y, error } = expOfRest(o, parts);
  const k = o.isub(parts.k, o.integer(1n));
  const [value] = o.cond(
    o.lt(a, o.constant(708)),
    () => {
      const half = scale(o, y, k);
      const halfError = o.mul(error, scale(o, o.constant(1), k));
      return [o.add(half, o.add(signed(o.div(o.constant(0.25), half)), halfError))];
    },
    () => [finishFar(o, a, y, k)],
  );
  return value;
}

/**
 * `sinh x = (e^|x| - e^-|x|) / 2`, or a polynomial up to ¾, and the sign of `x`. Within 1.05 ulp.
 */
export function sinh<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const a = o.abs(x);
  const square = o.mul(a, a);
  const small = o.add(a, o.mul(o.mul(a, square), polynomial(o, square, SINH)));
  return o.copysign(o.select(o.lt(a, o.constant(0.75)), small, halfExp(o, a, o.neg)), x);
}

/** `cosh x = (e^|x| + e^-|x|) / 2`. Within 0.95 ulp. */
export function cosh<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return halfExp(o, o.abs(x), (quarter) => quarter);
}
