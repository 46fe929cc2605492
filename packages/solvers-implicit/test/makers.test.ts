import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import type { ButcherTableau } from "@diffrax-ts/solvers";
import {
  DIRK,
  ESDIRK,
  IMEX,
  kenCarp3Tableau,
  kenCarp4Tableau,
  kenCarp5Tableau,
  kvaerno3Tableau,
  kvaerno4Tableau,
  kvaerno5Tableau,
  type MultiButcherTableau,
  SDIRK,
  sil3Tableau,
} from "@diffrax-ts/solvers-implicit";
import { describe, expect, test } from "vitest";

const crankNicolson: ButcherTableau = {
  source: "Crank & Nicolson (1947)",
  order: 2,
  embeddedOrder: 1,
  c: [1],
  aLower: [[1 / 2]],
  aDiagonal: [0, 1 / 2],
  aPredictor: [[1]],
  bSol: [1 / 2, 1 / 2],
  bError: [-1 / 2, 1 / 2],
};
const make = (change: object) =>
  DIRK("test/Method", { ...crankNicolson, ...change }, localLinearInterpolation);

describe("DIRK(kind, tableau, interpolation) refuses", () => {
  test.each<readonly [name: string, change: object, message: string]>([
    ["a diagonal that is left out", { aDiagonal: undefined, aLower: [[1]] }, "aDiagonal: expected"],
    ["one too short", { aDiagonal: [1 / 2] }, "aDiagonal: expected 2 numbers, one for each of 2"],
    [
      "one with what is no number",
      { aDiagonal: [0, NaN] },
      "aDiagonal[1]: expected a finite number",
    ],
    [
      "one of zeros",
      { aDiagonal: [0, 0], aLower: [[1]] },
      "aDiagonal: expected a number that is not zero; explicitRungeKutta makes explicit methods",
    ],
    [
      "rows whose sums are others",
      { c: [1 / 2] },
      "aLower[0] (stage 2): expected the sum with aDiagonal c[0] = 0.5, got 1",
    ],
    [
      "a prediction too long",
      { aPredictor: [[1, 0]] },
      "aPredictor[0] (stage 2): expected 1 numbers",
    ],
    [
      "a prediction of another sum",
      { aPredictor: [[2]] },
      "aPredictor[0] (stage 2): expected the sum of a prediction = 1, got 2",
    ],
    ["too few predictions", { aPredictor: [] }, "aPredictor: expected 1 rows"],
    ["an order too high", { order: 3 }, "order: expected at most 2, as the weights bSol do not"],
    [
      "another order too high",
      { embeddedOrder: 2 },
      "embeddedOrder: expected at most 1, as the weights bSol - bError do not",
    ],
  ])("%s", (_, change, message) => {
    expect(() => make(change)).toThrow(RangeError);
    expect(() => make(change)).toThrow(`DIRK: test/Method: tableau.${message}`);
  });

  test("what is no tableau", () => {
    expect(() => DIRK("test/Method", null as never, localLinearInterpolation)).toThrow(
      "DIRK: test/Method: tableau must be a ButcherTableau, got null",
    );
  });
});

describe("SDIRK and ESDIRK refuse the diagonals of others:", () => {
  test("SDIRK one with a zero", () => {
    expect(() => SDIRK("test/Method", crankNicolson, localLinearInterpolation)).toThrow(
      "SDIRK: test/Method: tableau.aDiagonal: expected one number that is not zero, at every stage; DIRK takes any diagonal",
    );
  });

  test("ESDIRK one without", () => {
    const tableau = { ...crankNicolson, aDiagonal: [1 / 2, 1 / 2], order: 1, embeddedOrder: 1 };
    const bSol = [1 / 2, 1 / 2];
    expect(() =>
      ESDIRK("test/Method", { ...tableau, bSol, bError: [0, 0] }, localLinearInterpolation),
    ).toThrow("ESDIRK: test/Method: tableau.aDiagonal: expected zero, and then one number");
  });

  test("ESDIRK takes that of Crank and Nicolson, and makes one Jacobian", () => {
    const solver = ESDIRK("test/Method", crankNicolson, localLinearInterpolation);
    expect(solver.calculateJacobian).toBe("secondStage");
    expect(make({}).calculateJacobian).toBe("everyStage");
  });
});

describe("IMEX(kind, tableau, interpolation) refuses", () => {
  const [explicit, implicit] = kenCarp3Tableau.tableaus as [ButcherTableau, ButcherTableau];
  const pair = (change: object): MultiButcherTableau => ({ ...kenCarp3Tableau, ...change });

  test.each<readonly [name: string, change: object, message: string]>([
    ["no tables", { tableaus: [] }, ".tableaus: expected one for each term, got an array of 0"],
    [
      "explicit ones alone",
      { tableaus: [explicit, explicit] },
      ".tableaus: expected one with aDiagonal, got none",
    ],
    [
      "two implicit ones",
      { tableaus: [implicit, implicit] },
      ".tableaus: expected at most one implicit one, got 2",
    ],
    [
      "other numbers of stages",
      { tableaus: [explicit, kenCarp4Tableau.tableaus[1]] },
      ".tableaus: expected the same number of stages in each, got 4 and 6",
    ],
    [
      "a table that is wrong",
      { tableaus: [{ ...explicit, order: 4 }, implicit] },
      ".tableaus[0].order: expected at most 3",
    ],
    ["an order too high", { order: 4 }, ".order: expected at most 3, as the weights bSol do not"],
    // Both tables are of order 3, and have nothing to do with one another.
    [
      "tables that are not coupled",
      { tableaus: [{ ...kenCarp3Tableau.tableaus[0]!, ...ralstons }, implicit] },
      ".order: expected at most ",
    ],
  ])("%s", (_, change, message) => {
    const solver = () => IMEX("test/Method", pair(change), localLinearInterpolation);
    expect(solver).toThrow(RangeError);
    expect(solver).toThrow(`IMEX: test/Method: tableau${message}`);
  });
});

/** An explicit method of order 3 with four stages at other times than those of KenCarp3. */
const ralstons = {
  c: [1 / 2, 3 / 4, 1],
  aLower: [[1 / 2], [0, 3 / 4], [2 / 9, 1 / 3, 4 / 9]],
  bSol: [2 / 9, 1 / 3, 4 / 9, 0],
  bError: [2 / 9 - 7 / 24, 1 / 3 - 1 / 4, 4 / 9 - 1 / 3, -1 / 8],
};

test("the makers take the tables of this package", () => {
  for (const tableau of [kvaerno3Tableau, kvaerno4Tableau, kvaerno5Tableau])
    expect(ESDIRK("test/Method", tableau, localLinearInterpolation).tableau).toBe(tableau);
  for (const tableau of [kenCarp3Tableau, kenCarp4Tableau, kenCarp5Tableau, sil3Tableau])
    expect(IMEX("test/Method", tableau, localLinearInterpolation).tableau).toBe(tableau);
  expect(IMEX("test/Method", sil3Tableau, localLinearInterpolation).calculateJacobian).toBe(
    "everyStage",
  );
});

test("a table that one method took is still not a pair of tables", () => {
  DIRK("test/One", crankNicolson, localLinearInterpolation);
  expect(() => IMEX("test/Pair", crankNicolson as never, localLinearInterpolation)).toThrow(
    "IMEX: test/Pair: tableau.tableaus: expected one for each term, got undefined",
  );
});
