import type { ExactOps } from "../exact.ts";
import { BIAS, logParts } from "../log.ts";
import { powFar } from "../pow.ts";
import { logNearOne } from "./logarithm.ts";
import { LN2, power, valueOf } from "./power.ts";

// 2 atanh(s) = s (2 + z L(z)), z = s², |s| ≤ 3 - 2√2; error 2^-37.6: up to 2⁷ of it go into an exponent.
const LOG = [0.66666665644605, 0.40000335400334, 0.285372942853, 0.23582438505032];

/** `x^y = e^(y log x)`, with the special cases of C99. */
export function pow<V, I, B>(o: ExactOps<V, I, B>, x: V, y: V): V {
  const { f, k } = logParts(o, o.abs(x), o.constant(BIAS));
  const product = o.mul(y, o.add(o.mul(k, o.constant(LN2)), logNearOne(o, f, LOG)));
  const near = valueOf(o, power(o, product));
  const isNear = o.lt(o.abs(product), o.constant(700));
  const isPlain = o.and(o.lt(o.constant(0), x), o.lt(x, o.constant(Infinity)));
  const [result] = o.cond(
    o.and(isPlain, isNear),
    () => [near],
    () => [powFar(o, x, y, near, isNear)],
  );
  return result;
}
