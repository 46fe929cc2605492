import type { ExactOps } from "../exact.ts";
import { MAGIC } from "../exp.ts";
import { polynomial } from "../polynomial.ts";

const LOG2_E = 1.4426950408889634;
export const LN2 = 0.6931471805599453;

// (r coth(r/2) - 2) / r² in r² on |r| ≤ ½ ln 2; error 2^-28.8 of e^r.
const COTH = [0.16666625742151, -0.0027667534517988];

/** `e^y = p (coth + r) / (coth - r)`. */
export interface Power<V> {
  /** `2^k`. */
  readonly p: V;
  /** `y - k ln 2`, at most `½ ln 2` in size; `y` itself where `k = 0`. */
  readonly r: V;
  /** `r coth(r/2)`, about 2. */
  readonly coth: V;
}

/** The reduction that all exponentials of a float32 share, `|y| < 700`. */
export function power<V, I, B>(o: ExactOps<V, I, B>, y: V): Power<V> {
  const shifted = o.add(o.mul(y, o.constant(LOG2_E)), o.constant(MAGIC));
  const k = o.sub(shifted, o.constant(MAGIC));
  const r = o.sub(y, o.mul(k, o.constant(LN2)));
  const square = o.mul(r, r);
  return {
    p: o.fromBits(o.iadd(o.bits(o.constant(1)), o.ishl(o.bits(shifted), 52))),
    r,
    coth: o.add(o.constant(2), o.mul(square, polynomial(o, square, COTH))),
  };
}

/** `e^y`, `|y| < 700`. */
export function valueOf<V, I, B>(o: ExactOps<V, I, B>, { p, r, coth }: Power<V>): V {
  return o.div(o.mul(p, o.add(coth, r)), o.sub(coth, r));
}

/** `x`, but no less than `low` and no more than `high`; NaN stays. */
export function clamp<V, I, B>(o: ExactOps<V, I, B>, x: V, low: number, high: number): V {
  const [least, most] = [o.constant(low), o.constant(high)];
  const notSmall = o.select(o.lt(x, least), least, x);
  return o.select(o.lt(most, notSmall), most, notSmall);
}
