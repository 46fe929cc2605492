import { PIO2, PIO2_LOW } from "./arctangent.ts";
import type { ExactOps } from "./exact.ts";
import { polynomial } from "./polynomial.ts";

// asin t = t + t³ A(t²) on |t| ≤ ½; error 2^-59.6.
const ASIN = [
  0.1666666666666676, 0.07499999999970865, 0.0446428571745984, 0.030381942706246, 0.022372215084856,
  0.01735160942334, 0.0139808604927, 0.011398520851, 0.010782770121, 0.00369579708, 0.02173570664,
  -0.0210422191, 0.0326574406,
];

/** The arc sine of `t`, `0 ≤ t ≤ ½`, is `t + rest`: `t = |x|`, or beyond ½ `t = √((1 - |x|) / 2)`. */
function halfArc<V, I, B>(
  o: ExactOps<V, I, B>,
  x: V,
): { readonly far: B; readonly t: V; readonly rest: V } {
  const half = o.constant(0.5);
  const a = o.abs(x);
  const far = o.lt(half, a);
  const square = o.select(far, o.mul(half, o.sub(o.constant(1), a)), o.mul(a, a));
  const t = o.select(far, o.sqrt(square), a);
  return { far, t, rest: o.mul(o.mul(t, square), polynomial(o, square, ASIN)) };
}

/**
 * The arc sine, from -π/2 to π/2; beyond ½ `π/2 - 2 asin √((1 - |x|) / 2)`. NaN beyond 1. Within
 * 1.25 ulp.
 */
export function asin<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const { far, t, rest } = halfArc(o, x);
  const pio2 = o.constant(PIO2);
  const twice = o.add(t, t);
  const farHigh = o.sub(pio2, twice);
  const error = o.sub(o.sub(pio2, farHigh), twice);
  const farLow = o.add(error, o.sub(o.constant(PIO2_LOW), o.add(rest, rest)));
  return o.copysign(o.add(o.select(far, farHigh, t), o.select(far, farLow, rest)), x);
}

/**
 * The arc cosine, from 0 to π: `π/2 - asin x`, beyond ½ `2 asin √((1 - x) / 2)`, below -½ π less
 * that of `-x`. Within 1.2 ulp.
 */
export function acos<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const { far, t, rest } = halfArc(o, x);
  const side = o.copysign(o.constant(1), x);
  const edge = o.select(o.lt(x, o.constant(0)), o.constant(2), o.constant(0)); // times π/2
  const factor = o.select(far, o.add(side, side), o.mul(side, o.constant(-1)));
  const base = o.select(far, edge, o.constant(1));
  const low = o.add(o.mul(factor, rest), o.mul(base, o.constant(PIO2_LOW)));
  return o.add(o.mul(base, o.constant(PIO2)), o.add(o.mul(factor, t), low));
}
