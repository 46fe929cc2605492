import { MAGIC } from "./exp.ts";
import type { ExactOps } from "./exact.ts";
import { polynomial } from "./polynomial.ts";

// (r coth r - 1) / r² in r² on 0 ≤ r ≤ ½ ln 2; error 2^-56.5 of r coth r.
const COTH = [
  0.3333333333333281, -0.022222222221376858, 0.0021164020707507337, -0.0002116390773883305,
  2.1363528058411463e-5, -2.0757025118864337e-6,
];
const HALF_LN2 = 0.34657359027997264;
const TWO_OVER_LN2 = 2.8853900817779268;

/**
 * The hyperbolic tangent. With `|x| = k ½ ln 2 + r`, `0 ≤ r < ½ ln 2`, and `C = r coth r` the
 * exponential is `e^2|x| = 2^k (C + r) / (C - r)`, so that one quotient gives all of it:
 *
 *     tanh |x| = β + (r - ½β (C - r)) / (C + ½(2^k - 1) (C + r)),   β = 1 - 2^-k.
 *
 * `β` is exact, and the quotient is at most half of the result, so that its errors count little; near 0 it
 * is `r / C`. From 20 on it is 1. Within 1.65 ulp.
 */
export function tanh<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const half = o.constant(0.5);
  const most = o.constant(20);
  const size = o.abs(x);
  const a = o.select(o.lt(most, size), most, size);
  const k = o.floor(o.mul(a, o.constant(TWO_OVER_LN2)));
  const r = o.sub(a, o.mul(k, o.constant(HALF_LN2)));
  const square = o.mul(r, r);
  const coth = o.add(o.constant(1), o.mul(square, polynomial(o, square, COTH)));

  const shift = o.ishl(o.bits(o.add(k, o.constant(MAGIC))), 52);
  const halfBits = o.bits(half);
  const grown = o.sub(o.fromBits(o.iadd(halfBits, shift)), half); //  (2^k - 1) / 2
  const halfBeta = o.sub(half, o.fromBits(o.isub(halfBits, shift)));
  const above = o.sub(r, o.mul(halfBeta, o.sub(coth, r)));
  const below = o.add(coth, o.mul(grown, o.add(coth, r)));
  const beta = o.add(halfBeta, halfBeta);
  return o.copysign(o.add(beta, o.div(above, below)), x);
}
