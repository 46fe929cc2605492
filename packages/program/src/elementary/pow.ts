import type { ExactOps } from "./exact.ts";
import { MAGIC, scale, scaleFar } from "./exp.ts";
import { BIAS, isNormal, logParts } from "./log.ts";
import { logPair, UNIT_HIGH, UNIT_LOW } from "./logPair.ts";
import { high } from "./pairs.ts";
import { polynomial } from "./polynomial.ts";

const PER_UNIT = 0.9617966939259756; // 1 / (1.5 ln 2)

// e^(2r/3) = 1 + 2r/3 + r² E(r), |r| ≤ 0.75 ln 2; error 2^-57.9.
const EXP = [
  0.22222222222222268, 0.04938271604938208, 0.008230452674870778, 0.001097393690005203,
  0.00012193263269375, 1.161263145997e-5, 9.6771566163e-7, 7.168356025e-8, 4.79145604e-9,
  2.890744e-10,
];

/** What C99 asks of `|x|^y` far from 1, of a negative base, and of zeros, infinities and NaN. */
export function powFar<V, I, B>(o: ExactOps<V, I, B>, x: V, y: V, near: V, isNear: B): V {
  const zero = o.constant(0);
  const one = o.constant(1);
  const infinity = o.constant(Infinity);
  const a = o.abs(x);
  const isInfinite = o.eq(o.abs(y), infinity);
  const extreme = o.or(o.or(o.eq(a, zero), o.eq(a, infinity)), o.or(isInfinite, o.not(isNear)));
  const grows = o.lt(zero, o.mul(o.sub(a, one), y));
  const size = o.select(extreme, o.select(grows, infinity, zero), near);

  const half = o.mul(y, o.constant(0.5));
  const whole = o.eq(o.floor(y), y);
  const odd = o.and(whole, o.not(o.eq(o.floor(half), half)));
  const signed = o.select(o.and(odd, o.lt(o.copysign(one, x), zero)), o.neg(size), size);

  const badBase = o.and(o.and(o.lt(x, zero), o.lt(a, infinity)), o.not(whole));
  const isNaN = o.or(badBase, o.not(o.and(o.eq(x, x), o.eq(y, y))));
  const isOne = o.or(o.or(o.eq(x, one), o.eq(y, zero)), o.and(o.eq(a, one), isInfinite));
  return o.select(isOne, one, o.select(isNaN, o.constant(NaN), signed));
}

/**
 * `x^y = e^(y log x)` with a logarithm in two floats (2^-64), and the special cases of C99:
 * `pow(x, ±0) = pow(1, y) = pow(-1, ±∞) = 1` even for NaN, a negative base takes whole exponents
 * only. Within 1.45 ulp.
 *
 * That the partial sum `3 + z` of the logarithm is kept exact is fdlibm's idea (`e_pow`, Ng 1993).
 *
 * @see Muller, Elementary Functions, 3rd ed., chapter 13, https://doi.org/10.1007/978-1-4899-7983-4
 */
export function pow<V, I, B>(o: ExactOps<V, I, B>, x: V, y: V): V {
  const one = o.constant(1);
  const fit = isNormal(o, x);
  const [normal, bias] = o.cond(
    fit,
    () => [x, o.constant(BIAS)],
    () => {
      const a = o.abs(x);
      const small = o.lt(a, one);
      const finite = o.and(o.lt(o.constant(0), a), o.lt(a, o.constant(Infinity)));
      const scaled = o.mul(
        a,
        o.select(small, o.constant(18014398509481984), o.constant(5.551115123125783e-17)),
      );
      return [
        o.select(finite, scaled, one),
        o.select(small, o.constant(BIAS + 54), o.constant(BIAS - 54)),
      ];
    },
  );
  const [l, lError] = logPair(o, logParts(o, normal, bias));
  const lTop = high(o, o.add(l, lError));
  const lRest = o.add(o.sub(l, lTop), lError);
  const yTop = high(o, y);
  const product = o.mul(yTop, lTop); //                           y l, exact
  const productLow = o.add(o.mul(o.sub(y, yTop), lTop), o.mul(y, lRest));

  const shifted = o.add(o.mul(product, o.constant(PER_UNIT)), o.constant(MAGIC));
  const n = o.sub(shifted, o.constant(MAGIC));
  const hi = o.sub(product, o.mul(n, o.constant(UNIT_HIGH))); //  exact
  const low = o.sub(productLow, o.mul(n, o.constant(UNIT_LOW)));
  const r = o.add(hi, low);
  const tail = o.sub(o.mul(o.mul(r, r), polynomial(o, r, EXP)), o.mul(r, o.constant(1 / 3)));
  const value = o.add(one, o.add(hi, o.add(low, tail))); //       e^(2r/3) = 1 + r - r/3 + r² E(r)
  const k = o.bits(shifted);
  const [result] = o.cond(
    o.and(fit, o.lt(o.abs(product), o.constant(1062))), // 1.5 · 708
    () => [scale(o, value, k)],
    () => [powFar(o, x, y, scaleFar(o, value, k), o.lt(o.abs(product), o.constant(1130)))],
  );
  return result;
}
