import type { ExactOps } from "./exact.ts";
import { BIAS, exponentOf } from "./log.ts";
import { MAGIC } from "./exp.ts";
import { fastTwoSum, high, twoSum } from "./pairs.ts";

// 2/π in signed digits of 24 bits, after the integer digit 1 and two zeros.
const TWO_OVER_PI = [
  0, 0, 1, -6096509, 7228996, 1387004, 2578386, -707362, -4138141, -6973124, 4427842, -110236,
  -5513540, -3841609, 2387514, 4345299, -2095543, 3074570, -3042787, -123413, 1880362, -5816599,
  -8243723, 3062597, -8066660, 7349940, 6258241, 3772886, 3769171, 3798173, -8102004, -4327128,
  3874809, -6815778, 366608, -1102062, -7644662, 7151469, 3571407, 2607882, -4763834, 4155038,
  6285869, 7677883, -3675162, -951491, 473592, -7712109, -1414149, 6271264, -7512824,
];
// 2²⁴, 1, 2⁻²⁴, …: the weights of the eight digits that matter.
const WEIGHTS = [
  16777216, 1, 5.960464477539063e-8, 3.552713678800501e-15, 2.117582368135751e-22,
  1.262177448353619e-29, 7.52316384526264e-37, 4.484155085839415e-44,
];
const PIO2 = 1.5707963267948966;
// π/2 in two parts, the first of 26 bits.
const PIO2_HIGH = 1.5707963109016418;
const PIO2_LOW = 1.5893254773528196e-8;

/**
 * `[r, negLow, 1.5·2⁵² + n]` with `x = n π/2 + (r - negLow)` modulo 2π, for `|x| ≥ 2¹⁷` (NaN for the
 * infinities): `x · 2/π` with as many digits of 2/π as the exponent of `x` asks for, less those that
 * give multiples of 4. What is left out is below 2^-118; no float is nearer than 2^-62 to a multiple
 * of π/2.
 *
 * @see Payne and Hanek, Radian reduction for trigonometric functions (1983),
 * https://doi.org/10.1145/1057600.1057602
 */
export function reduceLargeAngle<V, I, B>(o: ExactOps<V, I, B>, x: V): readonly [V, V, V] {
  // Lanes that are not large come along; they must stay within the table.
  const size = o.select(o.lt(o.abs(x), o.constant(131072)), o.constant(131072), o.abs(x));
  const exponent = exponentOf(o, o.bits(size), o.constant(BIAS));
  const digit = o.floor(o.mul(o.sub(exponent, o.constant(1.5)), o.constant(1 / 24)));
  const power = o.fromBits(
    o.ishl(o.bits(o.add(o.constant(BIAS), o.mul(digit, o.constant(-24)))), 52),
  );
  const scaled = o.mul(size, power); //                           2^-24 digit |x|, from 4 to 2²⁶
  const top = high(o, scaled);
  const bottom = o.mul(o.sub(scaled, top), o.constant(16777216));

  // The products of equal weight: digit i with the top, digit i - 1 with the bottom; sums are exact.
  let digits = o.lookup(TWO_OVER_PI, digit);
  const columns = WEIGHTS.map((weight, i) => {
    const previous = digits;
    digits = o.lookup(TWO_OVER_PI, o.add(digit, o.constant(i + 1)));
    const column = o.mul(o.add(o.mul(top, digits), o.mul(bottom, previous)), o.constant(weight));
    if (i > 2) return column;
    return o.sub(column, o.mul(o.nearest(o.mul(column, o.constant(0.25))), o.constant(4)));
  });
  const [c0, c1, c2, c3] = columns as [V, V, V, V];
  const n = o.nearest(o.add(o.add(c0, c1), o.add(c2, c3)));
  let sum = o.sub(c0, n);
  let low = o.constant(0);
  for (const column of columns.slice(1)) {
    const [next, error] = twoSum(o, sum, column);
    sum = next;
    low = o.add(low, error);
  }

  [sum, low] = fastTwoSum(o, sum, low);
  const sumTop = high(o, sum);
  const exact = o.mul(sumTop, o.constant(PIO2_HIGH));
  const rest = o.add(
    o.mul(sumTop, o.constant(PIO2_LOW)),
    o.mul(o.add(o.sub(sum, sumTop), low), o.constant(PIO2)),
  );
  const [r, error] = fastTwoSum(o, exact, rest);
  const sign = o.select(o.lt(x, o.constant(0)), o.constant(-1), o.constant(1));
  return [
    o.mul(r, sign),
    o.mul(error, o.sub(o.constant(0), sign)),
    o.add(o.mul(n, sign), o.constant(MAGIC)),
  ];
}
