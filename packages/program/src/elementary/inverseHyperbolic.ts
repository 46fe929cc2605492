import type { ExactOps } from "./exact.ts";
import { BIAS, logFar, logOfParts, logParts } from "./log.ts";
import { fastTwoSum, squareResidue, twoSum } from "./pairs.ts";

// 2⁵⁰⁰: beyond, the square would overflow, and log(2x) is exact enough.
const LARGE = 3.273390607896142e150;

/** `[x, bias, low, lowest]` of `log(1 + w + wLow)`, to be given to `logParts`. */
function onePlus<V, I, B>(o: ExactOps<V, I, B>, w: V, wLow: V): readonly [V, V, V, V] {
  const [sum, error] = twoSum(o, o.constant(1), w);
  return [sum, o.constant(BIAS), error, wLow];
}

/**
 * `asinh x = log(1 + a + a² / (1 + √(1 + a²)))`, `a = |x|`, with the sign of `x`. Within 1.35 ulp.
 */
export function asinh<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const one = o.constant(1);
  const a = o.abs(x);
  const sum = o.cond(
    o.lt(a, o.constant(LARGE)),
    () => {
      const square = o.mul(a, a);
      const quotient = o.div(square, o.add(one, o.sqrt(o.add(one, square))));
      return onePlus(o, ...fastTwoSum(o, a, quotient));
    },
    () => {
      const [scaled, farBias] = logFar(o, a, -54, BIAS - 1);
      return [scaled, farBias, o.constant(0), o.constant(0)] as const;
    },
  );
  return o.copysign(logOfParts(o, logParts(o, ...sum)), x);
}

/**
 * `acosh x = log(1 + t + √(2t + t²))`, `t = x - 1`. The root is corrected by its residue, which
 * near 1 is as large as an ulp of the result. NaN below 1. Within 0.95 ulp.
 */
export function acosh<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const one = o.constant(1);
  const sum = o.cond(
    o.and(o.le(one, x), o.lt(x, o.constant(LARGE))),
    () => {
      const t = o.sub(x, one);
      const twice = o.add(t, t);
      const square = o.mul(t, t);
      const root = o.sqrt(o.add(twice, square));
      const missing = o.add(squareResidue(o, twice, root), square);
      // The tiny summand keeps 0 / 0 out at x = 1.
      const correction = o.div(missing, o.add(o.add(root, root), o.constant(1e-300)));
      const [w, error] = fastTwoSum(o, root, t);
      return onePlus(o, w, o.add(error, correction));
    },
    () => {
      const inDomain = o.select(o.lt(x, one), o.constant(NaN), x);
      const [scaled, farBias] = logFar(o, inDomain, -54, BIAS - 1);
      return [scaled, farBias, o.constant(0), o.constant(0)] as const;
    },
  );
  return logOfParts(o, logParts(o, ...sum));
}

/**
 * `atanh x = ½ log(1 + 2a + 2a² / (1 - a))`, `a = |x|`, with the sign of `x`. NaN beyond 1. Within
 * 1.45 ulp.
 */
export function atanh<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const one = o.constant(1);
  const a = o.abs(x);
  const sum = o.cond(
    o.lt(a, one),
    () => {
      const twice = o.add(a, a);
      const quotient = o.div(o.mul(twice, a), o.sub(one, a));
      return onePlus(o, ...twoSum(o, twice, quotient));
    },
    () =>
      [
        one,
        o.select(o.eq(a, one), o.constant(-Infinity), o.constant(NaN)),
        o.constant(0),
        o.constant(0),
      ] as const,
  );
  const twofold = logOfParts(o, logParts(o, ...sum));
  return o.copysign(o.mul(twofold, o.constant(0.5)), x);
}
