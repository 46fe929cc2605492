import { describe, expect, test } from "vitest";
import * as definitions from "../../src/elementary/elementaryFunctions.ts";
import { numberOps as o } from "../../src/elementary/numbers.ts";

const elementaryFunctions = { ...definitions };

type Unary = Exclude<keyof typeof elementaryFunctions, "atan2" | "pow">;

/** `x → f(x)`: what C99 (Annex F) prescribes, results that are exact, and arguments just beyond a limit. */
const unary: Record<Unary, string> = {
  acos: `
    1 → 0, -1 → 3.141592653589793, 0 → 1.5707963267948966, -0 → 1.5707963267948966,
    1.0000000000000002 → NaN, -∞ → NaN, NaN → NaN
  `,
  acosh: `1 → 0, 0.9999999999999999 → NaN, -5 → NaN, -∞ → NaN, ∞ → ∞, NaN → NaN`,
  asin: `
    0 → 0, -0 → -0, 1 → 1.5707963267948966, -1 → -1.5707963267948966, 5e-324 → 5e-324,
    1.0000000000000002 → NaN, ∞ → NaN, NaN → NaN
  `,
  asinh: `0 → 0, -0 → -0, 5e-324 → 5e-324, ∞ → ∞, -∞ → -∞, NaN → NaN`,
  atan: `
    0 → 0, -0 → -0, 1 → 0.7853981633974483, -1 → -0.7853981633974483, ∞ → 1.5707963267948966,
    -∞ → -1.5707963267948966, 1.7976931348623157e+308 → 1.5707963267948966, 5e-324 → 5e-324,
    NaN → NaN
  `,
  atanh: `
    0 → 0, -0 → -0, 1 → ∞, -1 → -∞, 1.0000000000000002 → NaN, ∞ → NaN, -5e-324 → -5e-324,
    NaN → NaN
  `,
  cbrt: `
    0 → 0, -0 → -0, 8 → 2, -27 → -3, ∞ → ∞, -∞ → -∞, NaN → NaN,
    5e-324 → 1.7031839360032603e-108
  `,
  cos: `0 → 1, -0 → 1, ∞ → NaN, -∞ → NaN, NaN → NaN`,
  cosh: `0 → 1, -0 → 1, 710.475860073944 → ∞, -∞ → ∞, ∞ → ∞, NaN → NaN`,
  erf: `0 → 0, -0 → -0, ∞ → 1, -∞ → -1, 6 → 1, 5e-324 → 5e-324, NaN → NaN`,
  erfInv: `0 → 0, -0 → -0, 1 → ∞, -1 → -∞, 1.0000000000000002 → NaN, -∞ → NaN, NaN → NaN`,
  erfc: `0 → 1, -0 → 1, ∞ → 0, -∞ → 2, 28 → 0, -6 → 2, NaN → NaN`,
  exp: `
    0 → 1, -0 → 1, ∞ → ∞, -∞ → 0, 709.7827128933841 → ∞, -745.1332191019411 → 5e-324,
    -745.1332191019412 → 0, NaN → NaN
  `,
  expm1: `
    0 → 0, -0 → -0, 5e-324 → 5e-324, -5e-324 → -5e-324, ∞ → ∞, -∞ → -1, -50 → -1,
    709.7827128933841 → ∞, NaN → NaN
  `,
  log: `1 → 0, 0 → -∞, -0 → -∞, -1 → NaN, -5e-324 → NaN, ∞ → ∞, -∞ → NaN, NaN → NaN`,
  log10: `1 → 0, 1000 → 3, 1e+22 → 22, 0 → -∞, -1 → NaN, ∞ → ∞, NaN → NaN`,
  log1p: `
    0 → 0, -0 → -0, 5e-324 → 5e-324, -1 → -∞, -1.0000000000000002 → NaN, -∞ → NaN, ∞ → ∞,
    NaN → NaN
  `,
  log2: `
    1 → 0, 8 → 3, 5e-324 → -1074, 8.98846567431158e+307 → 1023, 0 → -∞, -1 → NaN, ∞ → ∞,
    NaN → NaN
  `,
  logistic: `
    0 → 0.5, -0 → 0.5, ∞ → 1, -∞ → 0, 40 → 1, 800 → 1, -800 → 0, -745.1332191019411 → 5e-324,
    NaN → NaN
  `,
  sin: `0 → 0, -0 → -0, 5e-324 → 5e-324, ∞ → NaN, -∞ → NaN, NaN → NaN`,
  sinh: `0 → 0, -0 → -0, 5e-324 → 5e-324, ∞ → ∞, -∞ → -∞, -710.475860073944 → -∞, NaN → NaN`,
  tan: `0 → 0, -0 → -0, -5e-324 → -5e-324, ∞ → NaN, NaN → NaN`,
  tanh: `0 → 0, -0 → -0, 5e-324 → 5e-324, ∞ → 1, -∞ → -1, 30 → 1, -1e+300 → -1, NaN → NaN`,
};

/** `x y → x^y`, after C99, 7.12.7.4 and F.9.4.4. */
const powers = `
  2 10 → 1024, 10 22 → 1e+22, 10 -2 → 0.01, 9 0.5 → 3, 3 3 → 27, 0.5 1074 → 5e-324,
  0.5 1075 → 0, 2 1023 → 8.98846567431158e+307, 2 1024 → ∞, 1 NaN → 1, 1 ∞ → 1, 1 -∞ → 1,
  NaN 0 → 1, NaN -0 → 1, ∞ 0 → 1, 0 0 → 1, -3 0 → 1, -1 ∞ → 1, -1 -∞ → 1, NaN 1 → NaN,
  2 NaN → NaN, 0 NaN → NaN, ∞ NaN → NaN, NaN NaN → NaN, -8 0.3333333333333333 → NaN,
  -2 0.5 → NaN, -5e-324 0.5 → NaN, -8 3 → -512, -8 2 → 64, -2 -1 → -0.5,
  -1 9007199254740991 → -1, -1 9007199254740992 → 1, -2 -1074 → 5e-324, -2 -1075 → -0,
  0 3 → 0, -0 3 → -0, 0 2 → 0, -0 2 → 0, -0 0.5 → 0, 0 ∞ → 0, -0 ∞ → 0, 0 -3 → ∞,
  -0 -3 → -∞, -0 -2 → ∞, -0 -0.5 → ∞, 0 -∞ → ∞, ∞ 2 → ∞, ∞ 1e-300 → ∞, ∞ -2 → 0, -∞ 3 → -∞,
  -∞ 2 → ∞, -∞ 0.5 → ∞, -∞ -3 → -0, -∞ -2 → 0, 2 ∞ → ∞, 2 -∞ → 0, -2 ∞ → ∞, 0.5 ∞ → 0,
  0.5 -∞ → ∞, -0.5 ∞ → 0, ∞ ∞ → ∞, ∞ -∞ → 0, 1.7976931348623157e+308 2 → ∞,
  1.7976931348623157e+308 -2 → 0, -1.7976931348623157e+308 3 → -∞, 5e-324 2 → 0,
  5e-324 -2 → ∞, 5e-324 1 → 5e-324, 5e-324 0.5 → 2.2227587494850775e-162,
  1.7976931348623157e+308 1 → 1.7976931348623157e+308, 2 1e+308 → ∞, 0.999 1e+308 → 0,
  2 1e-320 → 1
`;

/** `y x → atan2(y, x)`, after C99, F.9.1.4. */
const angles = `
  0 0 → 0, -0 0 → -0, 0 -0 → 3.141592653589793, -0 -0 → -3.141592653589793, 0 1 → 0,
  -0 1 → -0, 0 -1 → 3.141592653589793, -0 -1 → -3.141592653589793,
  1 0 → 1.5707963267948966, 1 -0 → 1.5707963267948966, -1 0 → -1.5707963267948966,
  -1 -0 → -1.5707963267948966, ∞ ∞ → 0.7853981633974483, ∞ -∞ → 2.356194490192345,
  -∞ ∞ → -0.7853981633974483, -∞ -∞ → -2.356194490192345, ∞ 1 → 1.5707963267948966,
  ∞ -1 → 1.5707963267948966, -∞ 1 → -1.5707963267948966, 1 ∞ → 0, -1 ∞ → -0,
  1 -∞ → 3.141592653589793, -1 -∞ → -3.141592653589793, 1 1 → 0.7853981633974483,
  -1 1 → -0.7853981633974483, 1 -1 → 2.356194490192345, 5e-324 1.7976931348623157e+308 → 0,
  5e-324 -1.7976931348623157e+308 → 3.141592653589793, 5e-324 5e-324 → 0.7853981633974483,
  1.7976931348623157e+308 5e-324 → 1.5707963267948966, NaN 1 → NaN, 1 NaN → NaN,
  NaN 0 → NaN, ∞ NaN → NaN, NaN ∞ → NaN
`;

const outcome = (value: number): string =>
  Object.is(value, -0) ? "-0" : String(value).replace("Infinity", "∞");

/** The rows of a table, and the same rows with the results that `f` gives. */
function compare(table: string, f: (...args: number[]) => number): readonly [string[], string[]] {
  const rows = table.trim().split(/,\s*/);
  const got = rows.map((row) => {
    const [args = ""] = row.split(" → ");
    const values = args.split(" ").map((text) => Number(text.replace("∞", "Infinity")));
    return `${args} → ${outcome(f(...values))}`;
  });
  return [got, rows];
}

describe("special values", () => {
  test.each(Object.entries(unary))("%s has its limits, zeros and NaN", (name, table) => {
    const [got, rows] = compare(table, (x = NaN) => elementaryFunctions[name as Unary](o, x));
    expect(got).toEqual(rows);
  });

  test("pow has the special cases of C99", () => {
    const [got, rows] = compare(powers, (x = NaN, y = NaN) => elementaryFunctions.pow(o, x, y));
    expect(got).toEqual(rows);
  });

  test("atan2 has the quadrants and special cases of C99", () => {
    const [got, rows] = compare(angles, (y = NaN, x = NaN) => elementaryFunctions.atan2(o, y, x));
    expect(got).toEqual(rows);
  });

  test("sin and tan of -x are those of x, negated, and cos is the same, in all quadrants", () => {
    const { sin, cos, tan } = elementaryFunctions;
    for (let x = 0.3; x < 1e300; x *= 7.7) {
      expect([sin(o, -x), cos(o, -x), tan(o, -x)]).toEqual([-sin(o, x), cos(o, x), -tan(o, x)]);
    }
  });
});
