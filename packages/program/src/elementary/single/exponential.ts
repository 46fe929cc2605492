import type { ExactOps } from "../exact.ts";
import { clamp, type Power, power, valueOf } from "./power.ts";

// Where the results of float32 end: beyond these they are 0, infinite, 1 or -1.
const LEAST = -104;
const MOST = 90;

/** `p (coth + r) ∓ (coth - r)`, in proportion to `e^y - 1` and to `e^y + 1`; near 0 the first is `2r`. */
function difference<V, I, B>(o: ExactOps<V, I, B>, { p, r, coth }: Power<V>): V {
  const one = o.constant(1);
  // A difference, so that zeros keep their sign.
  return o.sub(o.mul(o.add(one, p), r), o.mul(o.sub(one, p), coth));
}
function sum<V, I, B>(o: ExactOps<V, I, B>, { p, r, coth }: Power<V>): V {
  const one = o.constant(1);
  return o.sub(o.mul(o.add(one, p), coth), o.mul(o.sub(one, p), r));
}

/** `e^x`. */
export function exp<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return valueOf(o, power(o, clamp(o, x, LEAST, MOST)));
}

/** `e^x - 1`. */
export function expm1<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const parts = power(o, clamp(o, x, LEAST, MOST));
  return o.div(difference(o, parts), o.sub(parts.coth, parts.r));
}

/** `1 / (1 + e^-x)`. */
export function logistic<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const { p, r, coth } = power(o, clamp(o, x, LEAST, MOST));
  const grown = o.mul(p, o.add(coth, r));
  return o.div(grown, o.add(grown, o.sub(coth, r)));
}

/** `tanh x = (e^2x - 1) / (e^2x + 1)`. */
export function tanh<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const parts = power(o, clamp(o, o.add(x, x), -20, 20));
  return o.div(difference(o, parts), sum(o, parts));
}

/** Of `e^x = u / v` the denominator of its hyperbolic functions, `2uv`. */
function twiceProduct<V, I, B>(o: ExactOps<V, I, B>, { p, r, coth }: Power<V>): V {
  return o.mul(o.add(p, p), o.mul(o.add(coth, r), o.sub(coth, r)));
}

/** `sinh x = (u² - v²) / 2uv`. */
export function sinh<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const parts = power(o, clamp(o, x, -MOST, MOST));
  return o.div(o.mul(difference(o, parts), sum(o, parts)), twiceProduct(o, parts));
}

/** `cosh x = (u² + v²) / 2uv`. */
export function cosh<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const parts = power(o, clamp(o, x, -MOST, MOST));
  const u = o.mul(parts.p, o.add(parts.coth, parts.r));
  const v = o.sub(parts.coth, parts.r);
  return o.div(o.add(o.mul(u, u), o.mul(v, v)), twiceProduct(o, parts));
}
