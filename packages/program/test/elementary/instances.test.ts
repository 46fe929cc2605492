import { describe, expect, test } from "vitest";
import * as definitions from "../../src/elementary/elementaryFunctions.ts";
import { numberOps } from "../../src/elementary/numbers.ts";
import { countOperations } from "./countOperations.ts";
import { laneOps } from "./lanes.ts";

const elementaryFunctions = { ...definitions };

type Name = keyof typeof elementaryFunctions;

/** Operations on the fast path. A change of this table is a change of speed. */
const operations: Record<Name, number> = {
  acos: 51,
  acosh: 75,
  asin: 48,
  asinh: 63,
  atan: 61,
  atan2: 71,
  atanh: 66,
  cbrt: 60,
  cos: 60,
  cosh: 49,
  erf: 146,
  erfInv: 81,
  erfc: 150,
  exp: 38,
  expm1: 44,
  log: 38,
  log10: 73,
  log1p: 55,
  log2: 73,
  logistic: 57,
  pow: 111,
  sin: 59,
  sinh: 69,
  tan: 70,
  tanh: 38,
};

const isBinary = (name: string): name is "atan2" | "pow" => name === "atan2" || name === "pow";

// Ordinary arguments next to those that take a slow path.
const values = [
  0,
  -0,
  0.3,
  -0.7,
  0.97,
  1,
  2.5,
  -40,
  710,
  1e-310,
  3e5,
  -1e22,
  2 ** 700,
  Infinity,
  -Infinity,
  NaN,
];

describe("instances of the exact operations", () => {
  test("two lanes get the bits that each gets alone, whatever its neighbour needs", () => {
    for (const [name, f] of Object.entries(elementaryFunctions)) {
      for (const x of values) {
        for (const y of values) {
          const [got, alone] = isBinary(name)
            ? [
                elementaryFunctions[name](laneOps, [x, y], [y, 2]),
                [
                  elementaryFunctions[name](numberOps, x, y),
                  elementaryFunctions[name](numberOps, y, 2),
                ],
              ]
            : [f(laneOps, [x, y], [0, 0]), [f(numberOps, x, 0), f(numberOps, y, 0)]];
          expect(got, `${name} of ${x} and ${y}`).toEqual(alone);
        }
      }
    }
  });

  test("a recording of each function has the listed number of operations on its fast path", () => {
    const counted = Object.entries(elementaryFunctions).map(([name, f]) => [
      name,
      countOperations(f, isBinary(name) ? 2 : 1),
    ]);
    expect(Object.fromEntries(counted)).toEqual(operations);
  });

  test("sin and cos of one argument share their reduction and both polynomials", () => {
    const { sin, cos } = elementaryFunctions;
    const both = countOperations((ops, x) => [sin(ops, x), cos(ops, x)], 1);
    expect(both - operations.cos).toBeLessThanOrEqual(4);
  });
});
