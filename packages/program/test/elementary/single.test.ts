import { describe, expect, test } from "vitest";
import * as definitions from "../../src/elementary/elementaryFunctions.ts";
import { numberOps as o } from "../../src/elementary/numbers.ts";
import * as singleDefinitions from "../../src/elementary/single/singleFunctions.ts";
import { countOperations } from "./countOperations.ts";
import { float32, ulps } from "./float32.ts";
import { laneOps } from "./lanes.ts";
import exhaustive from "./singleClaims.json" with { type: "json" };

const full = { ...definitions };
const single = { ...singleDefinitions };

type Name = keyof typeof full;

const isBinary = (name: string): name is "atan2" | "pow" => name === "atan2" || name === "pow";

/** Operations on the fast path: of float64, but for `cos`, `log` and `sin`, which are of float32. A change of this table is a change of speed. */
const operations: Record<Name, number> = {
  acos: 28,
  acosh: 34,
  asin: 25,
  asinh: 38,
  atan: 31,
  atan2: 40,
  atanh: 34,
  cbrt: 46,
  cos: 46,
  cosh: 26,
  erf: 68,
  erfInv: 48,
  erfc: 70,
  exp: 20,
  expm1: 23,
  log: 29,
  log10: 24,
  log1p: 28,
  log2: 24,
  logistic: 21,
  pow: 46,
  sin: 45,
  sinh: 31,
  tan: 25,
  tanh: 26,
};

const LARGEST = float32(0x7f7fffff);
const special = [0, 2 ** -149, 2 ** -126, 0.5, 0.95, 1, 2, 3, 8, 20, 89, 104, 2 ** 20, LARGEST]
  .flatMap((x) => [x, 1 / x])
  .concat(Infinity, NaN)
  .map(Math.fround)
  .flatMap((x) => [x, -x]);

/** In each of the 255 binades of both signs: the first floats, the last, and some between. */
function everyBinade(): number[] {
  const xs: number[] = [];
  let random = 1;
  for (let top = 0; top < 0x200; top++) {
    for (const low of [0, 1, 0x400000, 0x7ffffe, 0x7fffff]) xs.push(float32(top * 0x800000 + low));
    for (let i = 0; i < 10; i++) {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      xs.push(float32(top * 0x800000 + (random >>> 9)));
    }
  }
  return xs.filter((x) => !Number.isNaN(x));
}

describe("elementary functions of float32", () => {
  test.each(Object.keys(single) as Name[])("%s is right to the claimed error", (name) => {
    const claim = exhaustive.claims[name];
    expect(claim).toBeLessThanOrEqual(1);
    const errorOf = (x: number, y: number): number =>
      ulps(single[name](o, x, y), full[name](o, x, y));
    const seconds = isBinary(name) ? special : [0];
    for (const x of special) {
      for (const y of seconds)
        expect(errorOf(x, y), `${name} of ${x} and ${y}`).toBeLessThan(claim);
    }
    for (const [i, x] of everyBinade().entries()) {
      const y = isBinary(name) ? float32(0x3d000000 + ((i * 0x9e3779b1) >>> 5)) : 0;
      for (const second of [y, -y, Math.fround(x * y)])
        expect(errorOf(x, second), `${name} of ${x} and ${second}`).toBeLessThan(claim);
    }
  });

  test("two lanes get the bits that each gets alone, whatever its neighbour needs", () => {
    for (const name of Object.keys(single) as Name[]) {
      for (const x of special) {
        for (const y of [0.3, -40, 3e6, Infinity, NaN]) {
          const got = single[name](laneOps, [x, y], [y, 2]);
          const alone = [single[name](o, x, y), single[name](o, y, 2)];
          expect(got, `${name} of ${x} and ${y}`).toEqual(alone);
        }
      }
    }
  });

  test("a recording of each has the listed number of operations on its fast path", () => {
    const counted = Object.entries(single).map(([name, f]) => [
      name,
      countOperations(f, isBinary(name) ? 2 : 1),
    ]);
    expect(Object.fromEntries(counted)).toEqual(operations);
  });
});
