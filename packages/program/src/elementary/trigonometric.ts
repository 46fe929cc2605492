import { type Angle, reduceAngle } from "./reduceAngle.ts";
import type { ExactOps } from "./exact.ts";
import { polynomial } from "./polynomial.ts";

// sin r = r + r³ S(r²), error 2^-57.8; cos r = 1 - r²/2 + r⁴ C(r²), error 2^-63.6; |r| ≤ π/4.
const SIN = [
  -0.1666666666666663, 0.00833333333332184, -0.000198412698293833, 2.755731355941e-6,
  -2.5050739657e-8, 1.58958465e-10,
];
const COS = [
  0.041666666666666595, -0.001388888888887334, 2.4801587289e-5, -2.75573142163e-7, 2.08757053e-9,
  -1.1358746e-11,
];

/** Sine and cosine of `r - negLow`, each as `value - low`. */
interface Kernels<V> {
  readonly sine: V;
  readonly sineLow: V;
  readonly cosine: V;
  readonly cosineLow: V;
}

function kernels<V, I, B>(o: ExactOps<V, I, B>, { r, negLow }: Angle<V, I>): Kernels<V> {
  const square = o.mul(r, r);
  const half = o.mul(square, o.constant(0.5));
  const nearCosine = o.sub(o.constant(1), half);
  const sineRest = o.mul(o.mul(r, square), polynomial(o, square, SIN));
  const cosineRest = o.mul(o.mul(square, square), polynomial(o, square, COS));
  return {
    sine: r,
    sineLow: o.sub(o.mul(negLow, nearCosine), sineRest),
    cosine: nearCosine,
    cosineLow: o.sub(
      o.sub(half, o.sub(o.constant(1), nearCosine)),
      o.add(cosineRest, o.mul(r, negLow)),
    ),
  };
}

/** `value`, negated where bit 1 of `n` is set. */
function signed<V, I, B>(o: ExactOps<V, I, B>, value: V, n: I): V {
  return o.fromBits(o.ixor(o.bits(value), o.ishl(o.ishrl(n, 1), 63)));
}

/** Whether bit 0 of `n` is clear. */
function isEven<V, I, B>(o: ExactOps<V, I, B>, n: I): B {
  return o.ieq(o.iand(n, o.integer(1n)), o.integer(0n));
}

/** The sine: `± sin r` or `± cos r` by the quadrant. Within 0.9 ulp. */
export function sin<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const angle = reduceAngle(o, x);
  const { sine, sineLow, cosine, cosineLow } = kernels(o, angle);
  const value = o.select(isEven(o, angle.n), o.sub(sine, sineLow), o.sub(cosine, cosineLow));
  return signed(o, value, angle.n);
}

/** The cosine, `cos x = sin(x + π/2)`. Within 0.9 ulp. */
export function cos<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const angle = reduceAngle(o, x);
  const { sine, sineLow, cosine, cosineLow } = kernels(o, angle);
  const value = o.select(isEven(o, angle.n), o.sub(cosine, cosineLow), o.sub(sine, sineLow));
  return signed(o, value, o.iadd(angle.n, o.integer(1n)));
}

/**
 * The tangent: `sin r / cos r` or `-cos r / sin r`, corrected by the low parts of both. Within 1.6
 * ulp.
 */
export function tan<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const angle = reduceAngle(o, x);
  const { sine, sineLow, cosine, cosineLow } = kernels(o, angle);
  const s = o.sub(sine, sineLow);
  const c = o.sub(cosine, cosineLow);
  const sExcess = o.sub(sineLow, o.sub(sine, s)); // what s is too large by
  const cExcess = o.sub(cosineLow, o.sub(cosine, c));
  const even = isEven(o, angle.n);
  const p = o.select(even, s, o.neg(c));
  const q = o.select(even, c, s);
  const pExcess = o.select(even, sExcess, o.neg(cExcess));
  const qExcess = o.select(even, cExcess, sExcess);
  const quotient = o.div(p, q);
  return o.sub(quotient, o.div(o.sub(pExcess, o.mul(quotient, qExcess)), q));
}
