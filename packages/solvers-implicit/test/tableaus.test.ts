import { type ButcherTableau, isFsal, isImplicit } from "@diffrax-ts/solvers";
import {
  implicitEulerTableau,
  kenCarp3Tableau,
  kenCarp4Tableau,
  kenCarp5Tableau,
  kvaerno3Tableau,
  kvaerno4Tableau,
  kvaerno5Tableau,
  type MultiButcherTableau,
  sil3Tableau,
} from "@diffrax-ts/solvers-implicit";
import { describe, expect, test } from "vitest";
import { colouredTrees, residual, rows } from "./support/colouredTrees.ts";
import { stability } from "./support/stability.ts";

interface Named {
  readonly name: string;
  readonly tableau: ButcherTableau | MultiButcherTableau;
  /** By how much the numbers are less exact than roundings make them. */
  readonly factor?: number;
}

const named: readonly Named[] = [
  { name: "implicitEulerTableau", tableau: implicitEulerTableau },
  { name: "kvaerno3Tableau", tableau: kvaerno3Tableau },
  { name: "kvaerno4Tableau", tableau: kvaerno4Tableau },
  { name: "kvaerno5Tableau", tableau: kvaerno5Tableau },
  { name: "sil3Tableau", tableau: sil3Tableau },
  { name: "kenCarp3Tableau", tableau: kenCarp3Tableau },
  { name: "kenCarp4Tableau", tableau: kenCarp4Tableau },
  // The quotients of the paper are such that the third row sums up to c₃ + 2e-12.
  { name: "kenCarp5Tableau", tableau: kenCarp5Tableau, factor: 1e5 },
];

const tableausOf = (tableau: ButcherTableau | MultiButcherTableau): readonly ButcherTableau[] =>
  "tableaus" in tableau ? tableau.tableaus : [tableau];
const implicitOf = (tableau: ButcherTableau | MultiButcherTableau): ButcherTableau =>
  tableausOf(tableau).find((one) => isImplicit(one))!;
const solution = ({ bSol }: ButcherTableau): readonly number[] => bSol;
const embedded = ({ bSol, bError }: ButcherTableau): readonly number[] =>
  bSol.map((b, i) => b - bError[i]!);
const upTo = (order: number): number[] => Array.from({ length: order }, (_, i) => i + 1);

const trees = [colouredTrees(6, 1), colouredTrees(6, 2)];

/** The trees whose order condition does not hold. */
function violated(
  order: number,
  tableaus: readonly ButcherTableau[],
  weightsOf: (tableau: ButcherTableau) => readonly number[],
  factor: number,
): number {
  return trees[tableaus.length - 1]!.filter((tree) => {
    if (tree.order !== order) return false;
    const { value, rounding } = residual(tree, tableaus, weightsOf);
    return Math.abs(value) > factor * rounding;
  }).length;
}

test("colouredTrees finds as many trees of each order as there are", () => {
  const counts = trees.map((all) =>
    upTo(6).map((order) => all.filter((tree) => tree.order === order).length),
  );
  expect(counts).toEqual([
    [1, 1, 2, 4, 9, 20],
    [2, 4, 14, 52, 214, 916],
  ]);
});

describe.each(named)("$name", ({ tableau, factor = 1 }) => {
  const tableaus = tableausOf(tableau);
  const { order, embeddedOrder } = tableau;

  test.each([
    ["bSol", order, solution],
    ["bSol - bError", embeddedOrder, embedded],
  ] as const)("%s fulfils all order conditions up to %i, and not those above", (_, p, weights) => {
    expect(upTo(p).map((q) => violated(q, tableaus, weights, factor))).toEqual(
      upTo(p).map(() => 0),
    );
    expect(violated(p + 1, tableaus, weights, 1000)).toBeGreaterThan(0);
  });

  test.each(tableaus.map((one, i) => [i, one] as const))(
    "tableau %i claims its own orders, and no more",
    (_, one) => {
      for (const [p, weights] of [
        [one.order, solution],
        [one.embeddedOrder, embedded],
      ] as const) {
        expect(upTo(p).map((q) => violated(q, [one], weights, factor))).toEqual(
          upTo(p).map(() => 0),
        );
      }
    },
  );

  test("each row sums up to c, and each prediction to 1", () => {
    for (const one of tableaus) {
      for (const [i, row] of rows(one).entries()) {
        if (i === 0) continue;
        const size = row.reduce((sum, a) => sum + Math.abs(a), 1);
        const sum = row.reduce((total, a) => total + a, 0);
        expect(Math.abs(sum - one.c[i - 1]!)).toBeLessThanOrEqual(10 * factor * 2 ** -53 * size);
      }
      for (const row of one.aPredictor ?? [])
        expect(row.reduce((sum, a) => sum + a, 0)).toBeCloseTo(1, 12);
    }
  });

  test("the implicit part is stiffly accurate: its last stage is the solution", () => {
    const one = implicitOf(tableau);
    expect(rows(one).at(-1)).toEqual(one.bSol);
  });
});

test.each([
  ["implicitEulerTableau", implicitEulerTableau, true],
  ["kvaerno3Tableau", kvaerno3Tableau, true],
  ["kvaerno4Tableau", kvaerno4Tableau, true],
  ["kvaerno5Tableau", kvaerno5Tableau, true],
  ["the explicit part of sil3Tableau", sil3Tableau.tableaus[0]!, true],
  ["the implicit part of sil3Tableau", sil3Tableau.tableaus[1]!, true],
  ["the explicit part of kenCarp4Tableau", kenCarp4Tableau.tableaus[0]!, false],
] as const)("isFsal(%s)", (_, tableau, expected) => {
  expect(isFsal(tableau)).toBe(expected);
});

describe("the stability function R of the implicit part, y₁ = R(λ Δt) y₀ for y' = λ y,", () => {
  // Kværnø's γ are roots of polynomials, to ten digits; so R(∞) is zero to about as many.
  const lStable: readonly (readonly [name: string, tableau: ButcherTableau, atInfinity: number])[] =
    [
      ["implicitEulerTableau", implicitEulerTableau, 1e-15],
      ["kvaerno3Tableau", kvaerno3Tableau, 1e-9],
      ["kvaerno4Tableau", kvaerno4Tableau, 1e-8],
      ["kvaerno5Tableau", kvaerno5Tableau, 1e-11],
      ["kenCarp3Tableau", implicitOf(kenCarp3Tableau), 1e-11],
      ["kenCarp4Tableau", implicitOf(kenCarp4Tableau), 1e-11],
      ["kenCarp5Tableau", implicitOf(kenCarp5Tableau), 1e-10],
    ];

  test.each(lStable)("of %s vanishes at infinity", (_, tableau, bound) => {
    expect(stability(tableau).atInfinity).toBeLessThan(bound);
  });

  test.each(lStable)("of %s is at most 1 on the imaginary axis", (_, tableau) => {
    const { at } = stability(tableau);
    // With no pole on the left, that is stability in all of the left half-plane.
    const sizes = Array.from({ length: 400 }, (__, i) => at(0, 10 ** (-2 + i / 80)));
    expect(Math.max(...sizes)).toBeLessThan(1 + 1e-9);
  });

  test("of sil3Tableau is a third at infinity, and at most 1 on the imaginary axis", () => {
    const { at, atInfinity } = stability(implicitOf(sil3Tableau));
    expect(atInfinity).toBeLessThan(1);
    const sizes = Array.from({ length: 400 }, (_, i) => at(0, 10 ** (-2 + i / 80)));
    expect(Math.max(...sizes)).toBeLessThan(1 + 1e-9);
  });
});
