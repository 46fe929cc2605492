import { Newton, VeryChord } from "@diffrax-ts/core";
import type { Solver } from "@diffrax-ts/protocol";
import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
import type { ButcherTableau } from "@diffrax-ts/solvers";
import {
  DIRK,
  ImplicitEuler,
  type ImplicitOptions,
  KenCarp3,
  KenCarp4,
  KenCarp5,
  Kvaerno3,
  Kvaerno4,
  Kvaerno5,
  SDIRK,
  Sil3,
} from "@diffrax-ts/solvers-implicit";
import { type SolverTest, solverTests, type SolverTestOptions } from "@diffrax-ts/testkit";
import { describe, expect, test } from "vitest";

// A thousand steps, each with up to a hundredth of this as the error of its stages, are far below the errors of the steps, the least of which is 2e-12.
const tight = 1e-14;
// As accurately as single precision allows.
const loose = 1e-5;

const crankNicolson: ButcherTableau = {
  source: "Crank & Nicolson (1947)",
  order: 2,
  embeddedOrder: 1,
  c: [1],
  aLower: [[1 / 2]],
  aDiagonal: [0, 1 / 2],
  bSol: [1 / 2, 1 / 2],
  bError: [-1 / 2, 1 / 2],
};

// The implicit midpoint rule, between two explicit stages.
const midpoint: ButcherTableau = {
  source: "Hairer & Wanner (1996), IV.3",
  order: 2,
  embeddedOrder: 2,
  c: [1 / 2, 1],
  aLower: [[0], [0, 1]],
  aDiagonal: [0, 1 / 2, 0],
  bSol: [0, 1, 0],
  bError: [-1 / 2, 1, -1 / 2],
};

const γ = 1 - Math.SQRT1_2;
const alexander2: ButcherTableau = {
  source: "Alexander (1977), doi:10.1137/0714068",
  order: 2,
  embeddedOrder: 1,
  c: [1],
  aLower: [[1 - γ]],
  aDiagonal: [γ, γ],
  bSol: [1 - γ, γ],
  bError: [-γ, γ],
};

const hermite = thirdOrderHermitePolynomialInterpolation;

type Make = (options: ImplicitOptions) => Solver;

const solvers: readonly (readonly [name: string, Make, options: SolverTestOptions])[] = [
  ["ImplicitEuler", ImplicitEuler, { coarsest: 512 }],
  ["Kvaerno3", Kvaerno3, {}],
  ["Kvaerno4", Kvaerno4, {}],
  ["Kvaerno5", Kvaerno5, { span: 20 }],
  ["KenCarp3", KenCarp3, {}],
  ["KenCarp4", KenCarp4, { span: 4 }],
  ["KenCarp5", KenCarp5, { span: 8 }],
  ["Sil3", Sil3, {}],
  ["DIRK", (options) => DIRK("test/CrankNicolson", crankNicolson, hermite, options), {}],
  [
    "DIRK with explicit stages",
    (options) => DIRK("test/Midpoint", midpoint, hermite, options),
    { span: 8 },
  ],
  ["SDIRK", (options) => SDIRK("test/Alexander2", alexander2, hermite, options), {}],
];

const accurate = (tolerance: number): ImplicitOptions => ({
  rootFinder: VeryChord({ rtol: tolerance, atol: tolerance }),
  rootFindMaxSteps: 30,
});
const isSingle = ({ name }: SolverTest): boolean => name === "works in single precision";

describe.each(solvers)("%s", (_, make, options) => {
  const tests = solverTests(() => make(accurate(tight)), options);
  test.each(tests.filter((one) => !isSingle(one)))("$name", ({ run }) => {
    expect(run).not.toThrow();
  });

  const single = solverTests(() => make(accurate(loose)), options).filter(isSingle);
  test.each(single)("$name", ({ run }) => {
    expect(run).not.toThrow();
  });
});

describe.each(solvers)("%s with the stages as a loop", (_, make, options) => {
  const tests = solverTests(() => make({ ...accurate(tight), scanStages: true }), options);
  test.each(tests.filter((one) => !isSingle(one)))("$name", ({ run }) => {
    expect(run).not.toThrow();
  });
});

describe("Kvaerno3 with Newton's method", () => {
  const rootFinder = Newton({ rtol: tight, atol: tight });
  const tests = solverTests(() => Kvaerno3({ rootFinder, rootFindMaxSteps: 30 }));
  test.each(tests.filter((one) => !isSingle(one)))("$name", ({ run }) => {
    expect(run).not.toThrow();
  });
});
