import type { AllOps, ExactOps } from "../exact.ts";
import { MAGIC } from "../exp.ts";
import { BIAS, logFar, logParts } from "../log.ts";
import { polynomial } from "../polynomial.ts";
import { narrowNumbers } from "./narrowNumbers.ts";
import { LN2 } from "./power.ts";

// 2 atanh(s) = s (2 + z L(z)), z = s², |s| ≤ 3 - 2√2; error 2^-30.2.
const LOG = [0.6666677644828, 0.3997753236718, 0.29871997887742];

/** `log(1 + f)`, `√½ ≤ 1 + f < √2`. */
export function logNearOne<V, I, B>(
  o: ExactOps<V, I, B>,
  f: V,
  series: readonly number[] = LOG,
): V {
  const two = o.constant(2);
  const s = o.div(f, o.add(two, f));
  const z = o.mul(s, s);
  return o.mul(s, o.add(two, o.mul(z, polynomial(o, z, series))));
}

/** `value`, or what the logarithm of `x` is where that is not positive and finite. */
function finish<V, I, B>(o: ExactOps<V, I, B>, x: V, value: V): V {
  const zero = o.constant(0);
  const infinity = o.constant(Infinity);
  const [result] = o.cond(
    o.and(o.lt(zero, x), o.lt(x, infinity)),
    () => [value],
    () => {
      const special = o.select(o.eq(x, zero), o.neg(infinity), o.constant(NaN));
      return [o.select(o.lt(zero, x), infinity, special)];
    },
  );
  return result;
}

/** `k perExponent + perLog log(1 + f)` of `x = 2^k (1 + f)`. */
function logBase<V, I, B>(o: ExactOps<V, I, B>, x: V, perExponent: number, perLog: number): V {
  const { f, k } = logParts(o, x, o.constant(BIAS));
  const ofRest = o.mul(logNearOne(o, f), o.constant(perLog));
  return finish(o, x, o.add(o.mul(k, o.constant(perExponent)), ofRest));
}

/** The natural logarithm, in float64. */
export function wideLog<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const { f, k } = logParts(o, x, o.constant(BIAS));
  return finish(o, x, o.add(o.mul(k, o.constant(LN2)), logNearOne(o, f)));
}

const LEAST_NORMAL = 1.1754943508222875e-38;
/** 2²³ + 127: the float32 with a biased exponent in its last bits is as much above the exponent. */
const NARROW_BIAS = 8388735;
// ln 2 in two parts: products of an exponent and the first are exact.
const LN2_HIGH = 0.693138122558594;
const LN2_LOW = 9.058000614459161e-6;

/**
 * The natural logarithm, in float32: `log(1 + f) = f - f²/2 + s (f²/2 + z L(z))`, of which the last terms alone are rounded more than once, as
 * `logOfParts` has it.
 */
export function log<V, I, B>(o: AllOps<V, I, B>, x: V): V {
  return o.narrow(
    x,
    (n, given) => {
      const [positive, bias] = n.cond(
        n.and(n.le(n.constant(LEAST_NORMAL), given), n.lt(given, n.constant(Infinity))),
        () => [given, n.constant(NARROW_BIAS)],
        () => logFar(n, given, 54, NARROW_BIAS),
      );
      const shifted = n.iadd(n.bits(positive), n.integer(0x4afb0dn)); // 1 - √½, so that exponents change at √½
      const exponent = n.fromBits(n.ior(n.ishrl(shifted, 23), n.integer(0x4b000000n)));
      const k = n.sub(exponent, bias);
      const mantissa = n.iadd(n.iand(shifted, n.integer(0x7fffffn)), n.integer(0x3f3504f3n));
      const f = n.sub(n.fromBits(mantissa), n.constant(1));
      const s = n.div(f, n.add(n.constant(2), f));
      const z = n.mul(s, s);
      const half = n.mul(n.mul(n.constant(0.5), f), f);
      const rest = n.mul(z, polynomial(n, z, LOG));
      const inner = n.add(n.mul(s, n.add(half, rest)), n.mul(k, n.constant(LN2_LOW)));
      return n.add(n.mul(k, n.constant(LN2_HIGH)), n.sub(f, n.sub(half, inner)));
    },
    narrowNumbers,
  );
}

/** The logarithm to base 2. */
export function log2<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return logBase(o, x, 1, Math.LOG2E);
}

/** The logarithm to base 10. */
export function log10<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return logBase(o, x, 0.3010299956639812, Math.LOG10E);
}

/** `log(1 + x)`: of `1 + x = 2^k (1 + f)` only the exponent is taken, so that `f = x` near 0. */
export function log1p<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const one = o.constant(1);
  const u = o.add(one, x);
  const { k } = logParts(o, u, o.constant(BIAS));
  const shift = o.ishl(o.bits(o.add(k, o.constant(MAGIC))), 52);
  const power = o.fromBits(o.isub(o.bits(one), shift)); //        2^-k
  const f = o.sub(o.mul(x, power), o.sub(one, power));
  const value = finish(o, u, o.add(o.mul(k, o.constant(LN2)), logNearOne(o, f)));
  return o.copysign(value, x);
}

/** `asinh x = log(1 + a + a² / (1 + √(1 + a²)))`, `a = |x|`, with the sign of `x`. */
export function asinh<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const one = o.constant(1);
  const a = o.abs(x);
  const square = o.mul(a, a);
  const rest = o.div(square, o.add(one, o.sqrt(o.add(one, square))));
  const value = o.select(o.lt(a, o.constant(Infinity)), log1p(o, o.add(a, rest)), a);
  return o.copysign(value, x);
}

/** `acosh x = log(1 + t + √t √(t + 2))`, `t = x - 1`. NaN below 1. */
export function acosh<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const t = o.sub(x, o.constant(1));
  return log1p(o, o.add(t, o.mul(o.sqrt(t), o.sqrt(o.add(t, o.constant(2))))));
}

/** `atanh x = ½ log(1 + 2a / (1 - a))`, `a = |x|`, with the sign of `x`. NaN beyond 1. */
export function atanh<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const a = o.abs(x);
  const quotient = o.div(o.add(a, a), o.sub(o.constant(1), a));
  return o.copysign(o.mul(log1p(o, quotient), o.constant(0.5)), x);
}
