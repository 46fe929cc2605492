import {
  type AdditiveNoiseTableau,
  type GeneralNoiseTableau,
  generalSharkTableau,
  seaTableau,
  sharkTableau,
  slowRKTableau,
  sparkTableau,
  sra1Tableau,
  SRK,
  type StochasticButcherTableau,
} from "@diffrax-ts/solvers-sde";
import { describe, expect, test } from "vitest";

const make = (change: object, tableau: StochasticButcherTableau) =>
  SRK("test/Method", { ...tableau, ...change });

const tables = {
  seaTableau,
  sra1Tableau,
  sharkTableau,
  generalSharkTableau,
  slowRKTableau,
  sparkTableau,
};

describe("SRK(kind, tableau) takes", () => {
  test.each(Object.entries(tables))("%s", (_, tableau) => {
    expect(make({}, tableau).tableau).toEqual(tableau);
  });

  test("what the table has coefficients for, and says what it needs of the motion", () => {
    const levyArea = (tableau: object) => make(tableau, sharkTableau).minimalLevyArea;
    const kk = { a: [0, 0], bSol: 0 };
    const lower = { strongOrder: 1, coeffsHh: undefined };
    expect([levyArea({ coeffsKk: kk }), levyArea({}), levyArea(lower)]).toEqual([
      "SpaceTimeTimeLevyArea",
      "SpaceTimeLevyArea",
      "BrownianIncrement",
    ]);
  });

  test("coefficients of ten digits", () => {
    const rounded = (x: unknown): unknown =>
      Array.isArray(x) ? x.map(rounded) : Number(Number(x).toFixed(10));
    const of = ({ a, bSol, bError }: GeneralNoiseTableau["coeffsW"]) => ({
      a: rounded(a),
      bSol: rounded(bSol),
      bError: rounded(bError),
    });
    const { coeffsW, coeffsHh, bSol, bError } = sparkTableau as GeneralNoiseTableau;
    const short = { coeffsW: of(coeffsW), coeffsHh: of(coeffsHh!) };
    const drift = { bSol: rounded(bSol), bError: rounded(bError) };
    expect(make({ ...short, ...drift }, sparkTableau).claims.strongOrder).toBe(0.5);
  });
});

describe("the order conditions of", () => {
  test.each(Object.entries(tables))(
    "%s hold for the order that it claims, and not for one more",
    (_, tableau) => {
      expect(() => make({ order: tableau.order + 1 }, tableau)).toThrow(
        `tableau.order: expected at most ${tableau.order}`,
      );
    },
  );

  const strong: readonly [
    name: string,
    tableau: StochasticButcherTableau,
    noiseType: string,
    order: number,
  ][] = [
    ["seaTableau", seaTableau, "additive", 1],
    ["generalSharkTableau", generalSharkTableau, "commutative", 1],
    ["sparkTableau", sparkTableau, "commutative", 1],
  ];

  test.each(strong)(
    "%s hold for its strong order, and not for 1/2 more",
    (_, tableau, noiseType, order) => {
      expect(make({ noiseType, strongOrder: order }, tableau).claims.strongOrder).toBe(order);
      expect(() => make({ noiseType, strongOrder: order + 0.5 }, tableau)).toThrow(
        `tableau.strongOrder: expected at most ${order}, as the coefficients do not fulfil the conditions of strong order ${order + 0.5} for ${noiseType} noise`,
      );
    },
  );

  // The coefficients of each of these are all needed for its order.
  const changes: readonly [name: string, tableau: StochasticButcherTableau, change: object][] = [
    ["SRA1", sra1Tableau, { coeffsW: { a: [0.1, 0.7], bSol: 1 } }],
    ["SRA1", sra1Tableau, { coeffsHh: { a: [0, 1], bSol: 0 } }],
    ["ShARK", sharkTableau, { coeffsHh: { a: [1, 1.1], bSol: 0 } }],
    ["ShARK without H", sharkTableau, { coeffsHh: undefined }],
    ["ShARK with K", sharkTableau, { coeffsKk: { a: [1, 0], bSol: 0 } }],
    [
      "SlowRK",
      slowRKTableau,
      { coeffsHh: { ...slowRKTableau.coeffsHh, bSol: [0, 0, 0, 1, 0, 0, -1] } },
    ],
  ];

  test.each(changes)("%s do not hold for other coefficients", (_, tableau, change) => {
    expect(() => make(change, tableau)).toThrow("tableau.strongOrder: expected at most 1,");
  });
});

describe("SRK(kind, tableau) refuses", () => {
  const { coeffsW, coeffsHh } = sparkTableau as GeneralNoiseTableau;
  const additive = sharkTableau as AdditiveNoiseTableau;
  const wrong: readonly [name: string, tableau: StochasticButcherTableau, change: object, message: string][] = [
    ["a field of another name", sparkTableau, { coeffsH: coeffsHh }, "there is no field coeffsH, only source, order, strongOrder, noiseType, c, a, bSol, bError, coeffsW, coeffsHh, coeffsKk"],
    ["no weights", sparkTableau, { bSol: [] }, "bSol: expected one weight for each stage"],
    ["too few nodes", sparkTableau, { c: [1] }, "c: expected 2 numbers, one for each of 3 stages"],
    ["a node that is not the sum of its row", sparkTableau, { c: [0.4, 1] }, "a[0] (stage 2): expected the sum c[0] = 0.4, got 0.5"],
    ["too few rows", sparkTableau, { a: [[0.5]] }, "a: expected 2 rows"],
    ["a row too long", sparkTableau, { a: [[0.5, 0], [0, 1]] }, "a[0] (stage 2): expected 1 numbers"],
    ["weights of another sum", additive, { bSol: [0.5, 0.6] }, "bSol: expected the sum of the weights = 1"],
    ["error weights of a sum", additive, { bError: [0.4, 0.6] }, "bError: expected the sum of the weights of an error = 0"],
    ["no noise type", sparkTableau, { noiseType: undefined }, 'noiseType: expected "additive", "commutative" or "general", got undefined'],
    ["no coefficients of W", sparkTableau, { coeffsW: undefined }, "coeffsW: expected { a, bSol }, got undefined"],
    ["a list in their place", sparkTableau, { coeffsW: null }, "coeffsW: expected { a, bSol }, got null"],
    ["K without H", sparkTableau, { coeffsHh: undefined, coeffsKk: coeffsHh }, "coeffsKk: expected coeffsHh beside it"],
    ["rows of noise that are missing", sparkTableau, { coeffsW: { ...coeffsW, a: [[0.5]] } }, "coeffsW.a: expected 2 rows"],
    ["a number that is none", sparkTableau, { coeffsHh: { ...coeffsHh, a: [[NaN], [0, 0]] } }, "coeffsHh.a[0] (stage 2)[0]: expected a finite number, got NaN"],
    ["weights of W of another sum", sparkTableau, { coeffsW: { ...coeffsW, bSol: [0, 0, 0] } }, "coeffsW.bSol: expected the sum of the weights = 1, got 0"],
    ["weights of H of a sum", sparkTableau, { coeffsHh: { ...coeffsHh, bSol: [1, 0, 0] } }, "coeffsHh.bSol: expected the sum of the weights = 0, got 1"],
    ["an error of the drift alone", sparkTableau, { coeffsW: { ...coeffsW, bError: undefined } }, "coeffsW.bError: expected weights of an error, as there are bError"],
    ["an error of the noise alone", sparkTableau, { bError: undefined }, "bError: expected weights of an error, as there are coeffsW.bError"],
    ["rows for additive noise", additive, { coeffsW: { a: [[0.5]], bSol: 1 } }, "coeffsW.a: expected 2 numbers"],
    ["weights in a list for additive noise", additive, { coeffsW: { a: [0, 0.5], bSol: [1, 0] } }, "coeffsW.bSol: expected one number for additive noise"],
    ["a weight of W that is not 1", additive, { coeffsW: { a: [0, 0.5], bSol: 2 } }, "coeffsW.bSol: expected the sum for additive noise = 1, got 2"],
    ["no strong order", sparkTableau, { strongOrder: undefined }, "strongOrder: expected a finite number above 0, got undefined"],
    ["a strong order of 0", sparkTableau, { strongOrder: 0 }, "strongOrder: expected a finite number above 0, got 0"],
    ["an order that general noise does not allow", sparkTableau, { strongOrder: 1 }, "strongOrder: expected at most 0.5, as no method that knows W, H and K alone"],
    ["noise in the sense of Itô", sparkTableau, { coeffsW: { ...coeffsW, a: [[0], [0, 0]] }, coeffsHh: undefined }, "strongOrder: expected another table"],
  ]; // prettier-ignore

  test.each(wrong)("%s", (_, tableau, change, message) => {
    expect(() => make(change, tableau)).toThrow(RangeError);
    expect(() => make(change, tableau)).toThrow(`SRK: test/Method: tableau.${message}`);
  });

  test("what is no tableau", () => {
    expect(() => SRK("test/Method", undefined as never)).toThrow(
      "SRK: test/Method: tableau must be a StochasticButcherTableau, got undefined",
    );
  });

  test("an option that there is not", () => {
    expect(() => SRK("test/Method", sparkTableau, { diffrax: true } as never)).toThrow("diffrax");
  });
});
