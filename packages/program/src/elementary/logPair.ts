import type { ExactOps } from "./exact.ts";
import type { LogParts } from "./log.ts";
import { fastTwoSum, high } from "./pairs.ts";
import { polynomial } from "./polynomial.ts";

/** 1.5 ln 2 in two parts, the first of 40 bits. */
export const UNIT_HIGH = 1.039720770839267;
export const UNIT_LOW = 6.509030338887058e-13;

// 3 atanh(s) / s = 3 + z + z² L(z), z = s², |s| ≤ 3 - 2√2; error 2^-66.2.
const LOG = [
  0.6000000000000338, 0.4285714285514906, 0.333333337799806, 0.2727267653949, 0.230801366134,
  0.1988521032, 0.197946598,
];

/**
 * 1½ times the logarithm, `1.5 k ln 2 + 3 atanh(f / (2 + f))`, as the sum of a value and an error; 2^-64
 * of it is lost. The factor is there because the series of `3 atanh` begins with whole numbers.
 */
export function logPair<V, I, B>(o: ExactOps<V, I, B>, { f, k }: LogParts<V>): readonly [V, V] {
  const two = o.constant(2);
  const three = o.constant(3);
  const d = o.add(f, two);
  const dTop = high(o, d);
  const dRest = o.sub(f, o.sub(dTop, two));
  const inverse = o.div(o.constant(1), d);
  const s = o.mul(f, inverse);
  const sTop = high(o, s);
  const sRest = o.mul(inverse, o.sub(o.sub(f, o.mul(sTop, dTop)), o.mul(sTop, dRest)));
  const zTop = o.mul(sTop, sTop);
  const zRest = o.mul(sRest, o.add(sTop, s)); //                  s² = zTop + zRest
  const z = o.add(zTop, zRest);
  // The polynomial is content with a square that is there earlier.
  const series = o.mul(o.mul(z, z), polynomial(o, o.mul(s, s), LOG));
  const rest = o.add(series, zRest);
  const sum = high(o, o.add(o.add(three, zTop), rest)); //        3 + z + z² L(z)
  const sumRest = o.sub(rest, o.sub(o.sub(sum, three), zTop));
  const main = o.mul(sTop, sum); //                               exact
  const low = o.add(o.add(o.mul(sRest, sum), o.mul(s, sumRest)), o.mul(k, o.constant(UNIT_LOW)));
  const [value, error] = fastTwoSum(o, o.mul(k, o.constant(UNIT_HIGH)), main);
  return [value, o.add(error, low)];
}
