import { erfInvBy } from "../erfInv.ts";
import type { ExactOps } from "../exact.ts";
import { polynomial } from "../polynomial.ts";
import { wideLog } from "./logarithm.ts";
import { power } from "./power.ts";

// erf x = x + x E(x²) on |x| ≤ 1; error 2^-29.6.
const ERF = [
  0.12837916572676, -0.37612625824547, 0.11283585151991, -0.026853812071815, 0.0051883279355064,
  -0.00080101957136048, 7.8538678402715e-5,
];
// e^(x²) erfc(x) (1 + 2x) in (x - 2) / (x + 2) for 1 ≤ x ≤ 10.2; error 2^-29.7.
const ERFC = [
  1.2769783802795, -0.092763811863614, -0.16603016690585, 0.16405025002494, -0.054226117968794,
  -0.0080122496154943, 0.008768151080427, 0.001096547693679, -0.0015067814751165,
];

// erfInv x = x P(w), w = -log(1 - x²), |x| < 0.95; error 2^-28.5.
const CENTRE = [
  0.8862269230648, 0.2320138047384, 0.01154805163143, -0.002330580120408, -0.0001356866620094,
  5.343013424391e-5, -1.138392331929e-6, -4.125839127832e-7,
];
// erfInv x = s + T((s - 2.5) / (s + 2.5)), s = √(-log(1 - x)), 0.95 ≤ x < 1; error 2^-29.2.
const TAIL = [
  -0.3074540769939, 0.2349182581743, 0.1186941163934, -0.1795482947737, 0.1993991240806,
  -0.1337661043359, 0.06042757267249,
];

/** `erfc a`, `a ≥ 1`. The square of a float32 is exact. */
function tail<V, I, B>(o: ExactOps<V, I, B>, a: V): V {
  const [two, most] = [o.constant(2), o.constant(10.2)];
  const x = o.select(o.lt(most, a), most, a);
  const { p, r, coth } = power(o, o.neg(o.mul(x, x)));
  const bend = polynomial(o, o.div(o.sub(x, two), o.add(x, two)), ERFC);
  const below = o.mul(o.sub(coth, r), o.add(o.constant(1), o.add(x, x)));
  return o.div(o.mul(o.mul(p, o.add(coth, r)), bend), below);
}

/** `erf x`, `|x| ≤ 1`. */
function near<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return o.add(x, o.mul(x, polynomial(o, o.mul(x, x), ERF)));
}

/** The error function. */
export function erf<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const one = o.constant(1);
  const a = o.abs(x);
  return o.copysign(o.select(o.lt(a, one), near(o, a), o.sub(one, tail(o, a))), x);
}

/** `1 - erf x`. */
export function erfc<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const one = o.constant(1);
  const a = o.abs(x);
  const far = tail(o, a);
  const both = o.select(o.lt(x, o.constant(0)), o.sub(o.constant(2), far), far);
  return o.select(o.lt(a, one), o.sub(one, near(o, x)), both);
}

/** The inverse of the error function. NaN beyond 1. */
export function erfInv<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return erfInvBy(o, x, {
    log: (distance) => wideLog(o, distance),
    centre: (a, w) => o.mul(a, polynomial(o, w, CENTRE)),
    tail: (place) => polynomial(o, place, TAIL),
  });
}
