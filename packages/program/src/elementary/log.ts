import type { ExactOps } from "./exact.ts";
import { LN2_HIGH, LN2_LOW } from "./exp.ts";
import { fastTwoSum } from "./pairs.ts";
import { polynomial } from "./polynomial.ts";

/** `x = 2^k (1 + f + fLow)`, `√½ ≤ 1 + f < √2`, `fLow` below an ulp of `f`. */
export interface LogParts<V> {
  readonly f: V;
  readonly fLow: V | undefined;
  readonly k: V;
}

/** 2⁵² + 1023: the float with a biased exponent in its last bits is as much above the exponent. */
export const BIAS = 4503599627371519;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

// 2 atanh(s) = 2s + s s² L(s²) on |s| ≤ 3 - 2√2; error 2^-59.4 of the logarithm.
const LOG = [
  0.6666666666666734, 0.399999999994164, 0.28571428742116, 0.222221985933, 0.1818356358,
  0.153140636, 0.1479587,
];

/** The exponent in the bits of a positive float, less `bias` (with `BIAS` the power of 2 below the float). */
export function exponentOf<V, I, B>(o: ExactOps<V, I, B>, bits: I, bias: V): V {
  return o.sub(o.fromBits(o.ior(o.ishrl(bits, 52), o.integer(0x4330000000000000n))), bias);
}

/**
 * The reduction that all logarithms share, of the unevaluated sum `x + low + lowest`, `x` normal and
 * positive, `low` within half an ulp of it. `bias` is taken from the biased exponent.
 */
export function logParts<V, I, B>(
  o: ExactOps<V, I, B>,
  x: V,
  bias: V,
  low?: V,
  lowest?: V,
): LogParts<V> {
  const shifted = o.iadd(o.bits(x), o.integer(0x95f619980c433n)); // 1 - √½, so that exponents change at √½
  const mantissa = o.iadd(
    o.iand(shifted, o.integer(0xfffffffffffffn)),
    o.integer(0x3fe6a09e667f3bcdn),
  );
  const k = exponentOf(o, shifted, bias);
  const main = o.sub(o.fromBits(mantissa), o.constant(1));
  if (low === undefined) return { f: main, fLow: undefined, k };
  const power = o.iand(shifted, o.integer(0x7ff0000000000000n));
  const scale = o.fromBits(o.isub(o.integer(0x7fe0000000000000n), power)); // 2^-k
  const [f, error] = fastTwoSum(o, main, o.mul(low, scale));
  return { f, fLow: lowest === undefined ? error : o.add(error, o.mul(lowest, scale)), k };
}

/** `k ln 2 + log(1 + f + fLow)`. */
export function logOfParts<V, I, B>(o: ExactOps<V, I, B>, { f, fLow, k }: LogParts<V>): V {
  const s = o.div(f, o.add(o.constant(2), f));
  const square = o.mul(s, s);
  const rest = o.mul(square, polynomial(o, square, LOG));
  const half = o.mul(o.mul(o.constant(0.5), f), f);
  //                    log(1 + f) = 2 atanh(s) = f - f²/2 + s (f²/2 + s² L(s²))
  let inner = o.add(o.mul(s, o.add(half, rest)), o.mul(k, o.constant(LN2_LOW)));
  if (fLow !== undefined) inner = o.add(inner, o.mul(fLow, o.sub(o.constant(1), f)));
  return o.add(o.mul(k, o.constant(LN2_HIGH)), o.sub(f, o.sub(half, inner)));
}

/**
 * For what is not fit for `logParts`: `[x', bias']`, `x' = 2^shift x` (1 where `x` is not positive
 * and finite) and the bias that gives the logarithm of `x`: `log 0 = -∞`, of less NaN.
 */
export function logFar<V, I, B>(
  o: ExactOps<V, I, B>,
  x: V,
  shift: 54 | -54,
  bias: number,
): readonly [V, V] {
  const zero = o.constant(0);
  const infinity = o.constant(Infinity);
  const positive = o.lt(zero, x);
  const finite = o.and(positive, o.lt(x, infinity));
  const special = o.select(
    positive,
    o.constant(-Infinity),
    o.select(o.eq(x, zero), infinity, o.constant(NaN)),
  );
  return [
    o.select(
      finite,
      o.mul(x, o.constant(shift > 0 ? 18014398509481984 : 5.551115123125783e-17)),
      o.constant(1),
    ),
    o.select(finite, o.constant(bias + shift), special),
  ];
}

/** Whether `x` is positive, normal and finite. */
export function isNormal<V, I, B>(o: ExactOps<V, I, B>, x: V): B {
  return o.and(o.le(o.constant(SMALLEST_NORMAL), x), o.lt(x, o.constant(Infinity)));
}

/** `[x', bias']` for `logParts` from any `x`. */
export function normalForLog<V, I, B>(o: ExactOps<V, I, B>, x: V): readonly [V, V] {
  return o.cond(
    isNormal(o, x),
    () => [x, o.constant(BIAS)],
    () => logFar(o, x, 54, BIAS),
  );
}

/** The natural logarithm of what is positive, normal and finite. */
export function logOfNormal<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return logOfParts(o, logParts(o, x, o.constant(BIAS)));
}

/**
 * The natural logarithm, `log x = k ln 2 + 2 atanh(f / (2 + f))`; -∞ at 0, NaN below. Within 0.9
 * ulp.
 *
 * The series in `f / (2 + f)`, with `f` added last, is the one of fdlibm (`e_log`, Ng 1993).
 *
 * @see Muller, Elementary Functions, 3rd ed., chapter 5, https://doi.org/10.1007/978-1-4899-7983-4
 */
export function log<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return logOfParts(o, logParts(o, ...normalForLog(o, x)));
}
