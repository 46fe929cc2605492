import { PIO2, slopeOf } from "../arctangent.ts";
import type { ExactOps } from "../exact.ts";
import { polynomial } from "../polynomial.ts";

// atan t = t + t³ A(t²) on |t| ≤ 1; error 2^-28.5.
const ATAN = [
  -0.33333299088932, 0.19998548273312, -0.14264241542466, 0.10952185009008, -0.084034480397698,
  0.057957554208599, -0.031177806786844, 0.01091458494847, -0.0017936171061069,
];
// asin t = t + t³ A(t²) on |t| ≤ ½; error 2^-27.6.
const ASIN = [
  0.16666753927723, 0.074952417104943, 0.045477108648695, 0.024147550327234, 0.042218652244757,
];

/** `t + t square P(square)`. */
function odd<V, I, B>(o: ExactOps<V, I, B>, t: V, square: V, c: readonly number[]): V {
  return o.add(t, o.mul(o.mul(t, square), polynomial(o, square, c)));
}

/** The arc sine of `t = |x|`, or beyond ½ half that of what is left to 1. */
function halfArc<V, I, B>(o: ExactOps<V, I, B>, x: V): { readonly far: B; readonly arc: V } {
  const half = o.constant(0.5);
  const a = o.abs(x);
  const far = o.lt(half, a);
  const square = o.select(far, o.mul(half, o.sub(o.constant(1), a)), o.mul(a, a));
  return { far, arc: odd(o, o.select(far, o.sqrt(square), a), square, ASIN) };
}

/** The arc sine, beyond ½ `π/2 - 2 asin √((1 - |x|) / 2)`. NaN beyond 1. */
export function asin<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const { far, arc } = halfArc(o, x);
  return o.copysign(o.select(far, o.sub(o.constant(PIO2), o.add(arc, arc)), arc), x);
}

/** The arc cosine, `π/2 - asin x`. NaN beyond 1. */
export function acos<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const { far, arc } = halfArc(o, x);
  const twice = o.add(arc, arc);
  const opposite = o.sub(o.constant(2 * PIO2), twice);
  const near = o.sub(o.constant(PIO2), o.copysign(arc, x));
  return o.select(far, o.select(o.lt(x, o.constant(0)), opposite, twice), near);
}

/** The arc tangent, beyond 1 `π/2 - atan(1/x)`. */
export function atan<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const one = o.constant(1);
  const a = o.abs(x);
  const steep = o.lt(one, a);
  const t = o.div(o.select(steep, one, a), o.select(steep, a, one));
  const arc = odd(o, t, o.mul(t, t), ATAN);
  return o.copysign(o.select(steep, o.sub(o.constant(PIO2), arc), arc), x);
}

/** The angle of the point `(x, y)`, with the zeros and infinities of C99. */
export function atan2<V, I, B>(o: ExactOps<V, I, B>, y: V, x: V): V {
  const [zero, one] = [o.constant(0), o.constant(1)];
  const { steep, t } = slopeOf(o, y, x);
  const arc = odd(o, t, o.mul(t, t), ATAN);
  const turned = o.select(steep, o.sub(o.constant(PIO2), arc), arc);
  const isLeft = o.lt(o.copysign(one, x), zero);
  return o.copysign(o.select(isLeft, o.sub(o.constant(2 * PIO2), turned), turned), y);
}
