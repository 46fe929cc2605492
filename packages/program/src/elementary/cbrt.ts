import type { ExactOps } from "./exact.ts";
import { MAGIC } from "./exp.ts";
import { BIAS, exponentOf, isNormal } from "./log.ts";
import { high } from "./pairs.ts";
import { polynomial } from "./polynomial.ts";

// m^(-1/3) on [½, 4), error 2^-9.6, and (1 - h)^(-1/3) = 1 + h S(h).
const START = [1.892964, -1.922453, 1.6881948, -0.88730563, 0.26697683, -0.04235319, 0.002741131];
const SERIES = [0.3333333333333333, 0.2222222222222222, 0.1728395061728395];

/** `x = 2^3q m`, `½ ≤ m < 4`, of a normal and positive `x`, and `y = m^(-1/3)` to 2^-34. */
export function cubeParts<V, I, B>(
  o: ExactOps<V, I, B>,
  x: V,
): { readonly q: V; readonly m: V; readonly y: V } {
  const exponent = exponentOf(o, o.bits(x), o.constant(BIAS));
  const q = o.nearest(o.mul(exponent, o.constant(1 / 3)));
  const power = o.ishl(o.bits(o.add(o.mul(q, o.constant(3)), o.constant(MAGIC))), 52);
  const m = o.fromBits(o.isub(o.bits(x), power));

  const start = polynomial(o, m, START);
  const h = o.sub(o.constant(1), o.mul(o.mul(m, start), o.mul(start, start)));
  return { q, m, y: o.add(start, o.mul(o.mul(start, h), polynomial(o, h, SERIES))) };
}

/** `root 2^q`, `root` about 1. */
export function scaleRoot<V, I, B>(o: ExactOps<V, I, B>, root: V, q: V): V {
  return o.fromBits(o.iadd(o.bits(root), o.ishl(o.bits(o.add(q, o.constant(MAGIC))), 52)));
}

/**
 * The real cube root: `x = 2^3q m`, `½ ≤ m < 4`; a polynomial for `y = m^(-1/3)`, one step of
 * fourth order; then `t = m y²`, cut to 26 bits so that its cube is exact in two parts, and one
 * step of second order from `m - t³`. Within 0.55 ulp.
 */
export function cbrt<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const one = o.constant(1);
  const zero = o.constant(0);
  const a = o.abs(x);
  const [normal, factor] = o.cond(
    isNormal(o, a),
    () => [a, one],
    () => {
      const subnormal = o.and(o.lt(zero, a), o.lt(a, one));
      return [
        o.select(subnormal, o.mul(a, o.constant(18014398509481984)), one), // 2⁵⁴
        o.select(subnormal, o.constant(0.000003814697265625), a), // 2⁻¹⁸
      ];
    },
  );
  const { q, m, y } = cubeParts(o, normal);
  const inverse = o.mul(y, y);
  const t = high(o, o.mul(m, inverse));
  const square = o.mul(t, t);
  const top = high(o, square);
  const missing = o.sub(o.sub(m, o.mul(top, t)), o.mul(o.sub(square, top), t)); // m - t³
  const step = o.mul(missing, o.mul(inverse, o.constant(1 / 3)));
  const root = o.add(t, o.add(step, o.mul(o.mul(step, step), y)));
  return o.copysign(o.mul(scaleRoot(o, root, q), factor), x);
}
