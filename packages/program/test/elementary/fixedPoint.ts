/**
 * Elementary functions in fixed point on `bigint`, to compare with: a value `v` stands for
 * `v / 2^BITS`. 1400 fractional bits leave more than 300 below the smallest subnormal number, so
 * neither small results nor cancellation ask for care, and the series are the plainest there are.
 */

const BITS = 1400n;
export const ONE = 1n << BITS;

const view = new DataView(new ArrayBuffer(8));

/** The exact value of a finite float. */
export function exactly(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = exponent === 0n ? fraction : fraction | 0x10000000000000n;
  const shift = (exponent === 0n ? 1n : exponent) - 1075n + BITS;
  const size = mantissa << shift;
  return x < 0 ? -size : size;
}

/** The float nearest to `v`, give or take an ulp, for `|v| ≤ 1`. */
const roughly = (v: bigint): number => Number(v >> 400n) / 2 ** 1000;

const bitLength = (v: bigint): number => (v < 0n ? -v : v).toString(2).length;

const abs = (v: bigint): bigint => (v < 0n ? -v : v);
export const mul = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
export const div = (a: bigint, b: bigint): bigint => (a << BITS) / b;

/** `⌊v^(1/n)⌋` of an integer, by Newton's method from above. */
function integerRoot(v: bigint, n: bigint): bigint {
  if (v < 2n) return v;
  let x = 1n << (BigInt(bitLength(v)) / n + 1n);
  for (;;) {
    const next = ((n - 1n) * x + v / x ** (n - 1n)) / n;
    if (next >= x) return x;
    x = next;
  }
}

export const sqrt = (v: bigint): bigint => integerRoot(v << BITS, 2n);

export const cbrt = (v: bigint): bigint => (v < 0n ? -cbrt(-v) : integerRoot(v << (2n * BITS), 3n));

/** `Σ ± x^(2i+1) / (2i+1)`: the arc tangent of a small `x`, or with `sign` 1 its hyperbolic kin. */
function arcSeries(x: bigint, sign: 1n | -1n): bigint {
  const square = sign * mul(x, x);
  let power = x;
  let sum = x;
  for (let i = 3n; power !== 0n && power !== -1n; i += 2n) {
    power = mul(power, square);
    sum += power / i;
  }
  return sum;
}

/** Machin's formula. */
export const PI = 16n * arcSeries(ONE / 5n, -1n) - 4n * arcSeries(ONE / 239n, -1n);
/** `ln 2 = 2 atanh(1/3)`. */
export const LN2 = 2n * arcSeries(ONE / 3n, 1n);

export function exp(x: bigint): bigint {
  const k = (2n * x + LN2) / (2n * LN2);
  if (k < -2n * BITS) return 0n;
  if (k > 2n * BITS) return ONE << (2n * BITS); // more than any float
  let r = (x - k * LN2) >> 24n;
  let sum = ONE;
  let term = ONE;
  for (let i = 1n; term !== 0n && term !== -1n; i++) {
    term = mul(term, r) / i;
    sum += term;
  }
  for (r = 0n; r < 24n; r++) sum = mul(sum, sum);
  return k < 0n ? sum >> -k : sum << k;
}

/** `log x = y + 2 atanh((t - 1) / (t + 1))`, `t = x e^-y`, with the logarithm of a float for `y`. */
export function log(x: bigint): bigint {
  const shift = BigInt(bitLength(x)) - BITS;
  const m = shift < 0n ? x << -shift : x >> shift;
  const y = exactly(Math.log(roughly(m)));
  const t = mul(m, exp(-y));
  // The bits that the shift to the right has dropped matter for no float.
  return shift * LN2 + y + 2n * arcSeries(div(t - ONE, t + ONE), 1n);
}

/** `[sin x, cos x]`. */
export function sinCos(x: bigint): readonly [bigint, bigint] {
  const quarter = PI / 2n;
  const n = (2n * x + (x < 0n ? -quarter : quarter)) / (2n * quarter);
  const r = x - n * quarter;
  const sums: [bigint, bigint] = [0n, ONE];
  let term = ONE;
  for (let i = 1n; term !== 0n && term !== -1n; i++) {
    term = mul(term, r) / i; //                                r^i / i!
    sums[i % 2n === 0n ? 1 : 0] += i % 4n < 2n ? term : -term;
  }
  const [sin, cos] = sums;
  const turned = ((n % 4n) + 4n) % 4n;
  if (turned === 0n) return [sin, cos];
  if (turned === 1n) return [cos, -sin];
  return turned === 2n ? [-sin, -cos] : [-cos, sin];
}

/** The angle of `(x, y)`: a float's, corrected by the arc tangent of what is left after turning back. */
export function atan2(y: bigint, x: bigint): bigint {
  // Equal shifts bring the larger below 1 and keep the direction.
  const shift = BITS - BigInt(Math.max(bitLength(x), bitLength(y)));
  const a = shift < 0n ? x >> -shift : x << shift;
  const b = shift < 0n ? y >> -shift : y << shift;
  const first = exactly(Math.atan2(roughly(b), roughly(a)));
  const [sin, cos] = sinCos(first);
  const along = mul(a, cos) + mul(b, sin);
  const across = mul(b, cos) - mul(a, sin);
  return first + arcSeries(div(across, along), -1n);
}

/** `2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!`. */
export function erf(x: bigint): bigint {
  const square = 2n * mul(x, x);
  let term = x;
  let sum = x;
  for (let i = 3n; term !== 0n && term !== -1n; i += 2n) {
    term = mul(term, square) / i;
    sum += term;
  }
  return div(2n * mul(sum, exp(-square / 2n)), sqrt(PI));
}

/** `1 - erf x`; from 3 on by Laplace's continued fraction, `e^(-x²)/√π / (x + ½/(x + 1/(x + 1½/(x + …))))`. */
export function erfc(x: bigint): bigint {
  if (x < 3n * ONE) return ONE - erf(x < -30n * ONE ? -30n * ONE : x);
  if (x > 40n * ONE) return 0n;
  let fraction = x;
  for (let i = 400n; i > 0n; i--) fraction = x + (i * ONE * ONE) / (2n * fraction);
  return div(exp(-mul(x, x)), mul(fraction, sqrt(PI)));
}

/** How many ulps (of the exact value) lie between a float and the exact value. */
export function ulpsBetween(got: number, exact: bigint): number {
  if (!Number.isFinite(got)) {
    const overflows = abs(exact) > exactly(Number.MAX_VALUE) + (ONE << 970n); // + ½ ulp
    return overflows && got > 0 === exact > 0n ? 0 : Infinity;
  }
  const exponent = Math.max(bitLength(exact) - 1 - Number(BITS), -1022) - 52;
  const difference = abs(exactly(got) - exact);
  // 60 bits below the ulp are enough.
  const place = BigInt(exponent) + BITS - 60n;
  return Number(place < 0n ? difference << -place : difference >> place) / 2 ** 60;
}
