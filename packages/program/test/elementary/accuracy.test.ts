import { describe, expect, test } from "vitest";
import * as definitions from "../../src/elementary/elementaryFunctions.ts";
import { numberOps as o } from "../../src/elementary/numbers.ts";
import { type Claim, claims, type Unary } from "./claims.ts";
import * as exact from "./fixedPoint.ts";

const elementaryFunctions = { ...definitions };

const { div, exactly, exp, log, mul, ONE, PI, sqrt, ulpsBetween } = exact;

/** A pseudorandom number below 1, and a float of a random binade and sign (xorshift). */
function randoms(): { readonly uniform: () => number; readonly anySize: () => number } {
  const bits = new BigUint64Array([88172645463325252n]);
  const floats = new Float64Array(1);
  const next = (): bigint => {
    bits[0]! ^= bits[0]! << 13n;
    bits[0]! ^= bits[0]! >> 7n;
    bits[0]! ^= bits[0]! << 17n;
    return bits[0]!;
  };
  return {
    uniform: () => Number(next() >> 11n) / 2 ** 53,
    anySize: () => {
      do new BigUint64Array(floats.buffer)[0] = next();
      while (!Number.isFinite(floats[0]!));
      return floats[0]!;
    },
  };
}

function argumentsOf(
  { intervals, domain = [-Infinity, Infinity], points = [] }: Claim,
  count: number,
): number[] {
  const { uniform, anySize } = randoms();
  const inside = (x: number): boolean => x > domain[0] && x < domain[1];
  const xs: number[] = [];
  for (let i = 0; i < count; i++) {
    for (const [low, high] of intervals) xs.push(low + (high - low) * uniform());
    xs.push(anySize());
  }
  for (const point of points) {
    for (let i = -3; i <= 3; i++) xs.push(point * (1 + i * 2 ** -53), point * (1 + i * 2 ** -40));
  }
  return xs.filter(inside);
}

/** The exact inverse error function, by one step of third order from a value that is good to some ulps. */
function refineErfInv(x: number, guess: number): bigint {
  const y = exactly(guess);
  const excess = y < 0n ? exact.erfc(-y) - ONE - exactly(x) : ONE - exact.erfc(y) - exactly(x);
  const step = div(-excess, div(2n * exp(-mul(y, y)), sqrt(PI)));
  return y + step + mul(y, mul(step, step));
}

function errorOf(name: Unary, x: number): number {
  const got = elementaryFunctions[name](o, x);
  const wanted = name === "erfInv" ? refineErfInv(x, got) : claims[name].exact(exactly(x));
  return ulpsBetween(got, wanted);
}

const largest = (errors: readonly number[]): number => errors.reduce((a, b) => Math.max(a, b));

describe("accuracy, against fixed point with 1400 bits", () => {
  test.each(Object.entries(claims))("%s keeps to its bound and comes near it", (key, claim) => {
    const name = key as Unary;
    expect(claim.bound).toBeLessThan(2);
    expect(largest(argumentsOf(claim, 300).map((x) => errorOf(name, x)))).toBeLessThan(claim.bound);
    expect(errorOf(name, claim.worst)).toBeGreaterThan(0.88 * claim.bound);
  });

  test("pow keeps within 1.45 ulps wherever the result is a float, and comes near them", () => {
    const { uniform, anySize } = randoms();
    const errorOfPow = (x: number, y: number): number => {
      const size = exp(mul(exactly(y), log(exactly(Math.abs(x)))));
      return ulpsBetween(elementaryFunctions.pow(o, x, y), x < 0 && y % 2 !== 0 ? -size : size);
    };
    const errors: number[] = [];
    for (let i = 0; i < 400; i++) {
      const anyBase = Math.abs(anySize());
      const nearOne = 1 + (uniform() - 0.5) * 2 ** (-50 * uniform());
      const exponent = -745 + 1455 * uniform(); //                of e, from the least to the largest float
      errors.push(
        errorOfPow(10 * uniform(), 10 * uniform() - 5),
        errorOfPow(anyBase, exponent / Math.log(anyBase)),
        errorOfPow(nearOne, exponent / Math.log(nearOne)),
        errorOfPow(uniform() * 2 ** -1022, 2 * uniform() - 1),
        errorOfPow(-50 * uniform(), Math.floor(200 * uniform() - 100)),
      );
    }
    expect(largest(errors)).toBeLessThan(1.45);
    expect(errorOfPow(1.4087913384779511, -1861.6289167589587)).toBeGreaterThan(1.3);
  });

  test("atan2 keeps within 1.65 ulps in all quadrants and sizes, and comes near them", () => {
    const { uniform, anySize } = randoms();
    const errorOfAtan2 = (y: number, x: number): number =>
      ulpsBetween(elementaryFunctions.atan2(o, y, x), exact.atan2(exactly(y), exactly(x)));
    const errors: number[] = [];
    for (let i = 0; i < 600; i++) {
      errors.push(
        errorOfAtan2(4 * uniform() - 2, 4 * uniform() - 2),
        errorOfAtan2(anySize(), anySize()),
      );
    }
    expect(largest(errors)).toBeLessThan(1.65);
    expect(errorOfAtan2(0.5289416882106543, 0.985412138172032)).toBeGreaterThan(1.55);
  });
});
