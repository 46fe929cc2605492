import type { ExactOps } from "./exact.ts";
import { polynomial } from "./polynomial.ts";

/** π/2 in two floats. */
export const PIO2 = 1.5707963267948966;
export const PIO2_LOW = 6.123233995736766e-17;

// atan t = t + t³ A(t²) on |t| ≤ 1; error 2^-57.4.
const ATAN = [
  -0.3333333333333307, 0.1999999999995175, -0.1428571428258819, 0.11111111007345657,
  -0.09090907007871082, 0.07692279889788649, -0.06666404429918577, 0.058805298376837595,
  -0.052535268395866995, 0.04722348201893621, -0.042192419330007364, 0.03664309593245525,
  -0.02990558904708453, 0.02198680357645554, -0.013902235384652807, 0.00719757702588957,
  -0.00288541420590699, 0.00083147700899541, -0.000152190202148345, 1.3227589794404e-5,
];

/** `base + sign atan t`, `0 ≤ t ≤ 1`, where `base` is 0 or `1` or `2` times π/2. */
function atanOnto<V, I, B>(o: ExactOps<V, I, B>, t: V, base: V, sign: V): V {
  const square = o.mul(t, t);
  const rest = o.mul(o.mul(sign, o.mul(t, square)), polynomial(o, square, ATAN));
  const turned = o.mul(sign, t);
  const sum = o.add(base, turned);
  const error = o.sub(turned, o.sub(sum, base));
  const baseLow = o.mul(base, o.constant(PIO2_LOW / PIO2));
  return o.add(sum, o.add(error, o.add(rest, baseLow)));
}

/** The arc tangent, from -π/2 to π/2: `atan x`, or `π/2 - atan(1/x)` beyond 1. Within 1.6 ulp. */
export function atan<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const one = o.constant(1);
  const a = o.abs(x);
  const steep = o.lt(one, a);
  const t = o.select(steep, o.div(one, a), a);
  const base = o.select(steep, o.constant(PIO2), o.constant(0));
  return o.copysign(atanOnto(o, t, base, o.select(steep, o.constant(-1), one)), x);
}

/** Whether `|y| > |x|`, and the smaller over the larger of them: 0 of zeros, 1 of infinities. */
export function slopeOf<V, I, B>(
  o: ExactOps<V, I, B>,
  y: V,
  x: V,
): { readonly steep: B; readonly t: V } {
  const zero = o.constant(0);
  const one = o.constant(1);
  const a = o.abs(x);
  const b = o.abs(y);
  const steep = o.lt(a, b);
  const small = o.select(steep, a, b);
  const large = o.select(steep, b, a);
  const equal = o.select(o.eq(small, zero), zero, one);
  const t = o.select(o.eq(small, large), equal, o.div(small, large));
  return { steep, t };
}

/**
 * The angle of the point `(x, y)`, from -π to π, with the sign of `y`: the arc tangent of the
 * smaller over the larger of `|x|` and `|y|`, added to or taken from 0, π/2 or π. Zeros and
 * infinities as in C99: `atan2(±0, -0) = ±π`, `atan2(∞, ∞) = π/4`. Within 1.65 ulp.
 */
export function atan2<V, I, B>(o: ExactOps<V, I, B>, y: V, x: V): V {
  const zero = o.constant(0);
  const one = o.constant(1);
  const { steep, t } = slopeOf(o, y, x);
  const side = o.copysign(one, x);
  const level = o.select(o.lt(side, zero), o.constant(2 * PIO2), zero);
  const base = o.select(steep, o.constant(PIO2), level);
  return o.copysign(atanOnto(o, t, base, o.mul(side, o.select(steep, o.constant(-1), one))), y);
}
