import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import {
  bosh3Tableau,
  type ButcherTableau,
  dopri5Tableau,
  dopri8Tableau,
  explicitRungeKutta,
  heunTableau,
  midpointTableau,
  ralstonTableau,
  tsit5Tableau,
} from "@diffrax-ts/solvers";
import { describe, expect, test } from "vitest";
import { odeTerm } from "./support/odeTerm.ts";

const term = odeTerm((_t, y) => y);

const kutta: ButcherTableau = {
  source: "Kutta (1901)",
  order: 4,
  embeddedOrder: 1,
  c: [1 / 2, 1 / 2, 1],
  aLower: [[1 / 2], [0, 1 / 2], [0, 0, 1]],
  bSol: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  bError: [1 / 6 - 1, 1 / 3, 1 / 3, 1 / 6],
};

const make = (change: object, tableau: ButcherTableau = kutta) =>
  explicitRungeKutta("test/Method", { ...tableau, ...change }, localLinearInterpolation);

describe("explicitRungeKutta(kind, tableau, interpolation) refuses", () => {
  const wrong: readonly [name: string, change: object, message: string][] = [
    ["too few weights", { bSol: [1 / 6, 1 / 3, 1 / 2] }, "bError: expected 3 numbers"],
    ["too many weights", { bSol: [...kutta.bSol, 0] }, "bError: expected 5 numbers"],
    ["no weights", { bSol: [] }, "bSol: expected one weight for each stage, got an array of 0"],
    ["weights left out", { bSol: undefined }, "bSol: expected one weight for each stage"],
    ["a node of the first stage", { c: [0, 1 / 2, 1 / 2, 1] }, "c: expected 3 numbers"],
    ["a node that is no number", { c: [1 / 2, NaN, 1] }, "c[1]: expected a finite number, got NaN"],
    ["a node left out", { c: Array(3) }, "c[0]: expected a finite number, got undefined"],
    [
      "nodes that are not the sums of their rows",
      { c: [1 / 2, 1 / 3, 1] },
      "aLower[1] (stage 3): expected the sum c[1] = 0.3333333333333333, got 0.5",
    ],
    ["too few rows", { aLower: [[1 / 2], [0, 1 / 2]] }, "aLower: expected 3 rows"],
    [
      "a square matrix",
      { aLower: [[1 / 2, 0, 0, 0], [0, 1 / 2, 0, 0], [0, 0, 1, 0]] }, // prettier-ignore
      "aLower[0] (stage 2): expected 1 numbers, as an explicit stage uses those before it alone",
    ],
    [
      "a stage that uses itself",
      { aLower: [[1 / 2], [0, 1 / 4, 1 / 4], [0, 0, 1]] },
      "aLower[1] (stage 3): expected 2 numbers, as an explicit stage uses those before it alone, got an array of 3",
    ],
    [
      "an infinite coefficient",
      { aLower: [[1 / 2], [0, Infinity], [0, 0, 1]] },
      "aLower[1] (stage 3)[1]: expected a finite number, got Infinity",
    ],
    ["weights of another sum", { bSol: [1 / 6, 1 / 3, 1 / 3, 1 / 3] }, "bSol: expected the sum"],
    [
      "error weights of a sum",
      { bError: [1 / 6, 1 / 3, 1 / 3, 1 / 6] },
      "bError: expected the sum",
    ],
    ["too few error weights", { bError: [-1 / 4, 1 / 4] }, "bError: expected 4 numbers"],
    ["no order", { order: undefined }, "order: expected a finite number above 0, got undefined"],
    ["an order of NaN", { order: NaN }, "order: expected a finite number above 0, got NaN"],
    ["an order of 0", { order: 0 }, "order: expected a finite number above 0, got 0"],
    ["an infinite order", { embeddedOrder: Infinity }, "embeddedOrder: expected a finite number"],
    ["an order too high", { order: 5 }, "order: expected at most 4, as the weights bSol do not"],
    ["another order too high", { embeddedOrder: 2 }, "embeddedOrder: expected at most 1"],
    ["coefficients exchanged", { aLower: [[1 / 2], [1 / 2, 0], [0, 0, 1]] }, "order: expected at"],
  ];

  test.each(wrong)("%s", (_, change, message) => {
    expect(() => make(change)).toThrow(RangeError);
    expect(() => make(change)).toThrow(`explicitRungeKutta: test/Method: tableau.${message}`);
  });

  test("what is no tableau", () => {
    expect(() =>
      explicitRungeKutta("test/Method", undefined as never, localLinearInterpolation),
    ).toThrow("test/Method: tableau must be a ButcherTableau, got undefined");
  });

  test.each(Object.entries({ bosh3Tableau, dopri5Tableau, heunTableau, tsit5Tableau }))(
    "%s as a method of one order more",
    (_, tableau) => {
      expect(() => make({ order: tableau.order + 1 }, tableau)).toThrow(
        `order: expected at most ${tableau.order}`,
      );
      expect(() => make({ embeddedOrder: tableau.embeddedOrder + 1 }, tableau)).toThrow(
        `embeddedOrder: expected at most ${tableau.embeddedOrder}`,
      );
    },
  );
});

describe("explicitRungeKutta(kind, tableau, interpolation) takes", () => {
  const right = {
    kutta,
    bosh3Tableau,
    dopri5Tableau,
    dopri8Tableau,
    heunTableau,
    midpointTableau,
    ralstonTableau,
    tsit5Tableau,
  };

  test.each(Object.entries(right))("%s", (_, tableau) => {
    expect(make({}, tableau).tableau).toEqual(tableau);
  });

  test("an order that is a fraction, and the orders that it then tells", () => {
    const method = make({ order: 3.5 });
    expect([method.order(term), method.errorOrder(term)]).toEqual([3.5, 3.5]);
  });

  test("coefficients of ten digits", () => {
    const rounded = (x: number): number => Number(x.toFixed(10));
    const { c, aLower, bSol, bError } = dopri5Tableau;
    const short = {
      c: c.map(rounded),
      aLower: aLower.map((row) => row.map(rounded)),
      bSol: bSol.map(rounded),
      bError: bError.map(rounded),
    };
    expect(make(short, dopri5Tableau).claims.order).toBe(5);
  });

  test("one stage", () => {
    const euler = { order: 1, embeddedOrder: 1, c: [], aLower: [], bSol: [1], bError: [0] };
    expect(make(euler).claims.order).toBe(1);
  });
});
