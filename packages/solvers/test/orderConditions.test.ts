import {
  bosh3Tableau,
  type ButcherTableau,
  dopri5Tableau,
  dopri8Tableau,
  heunTableau,
  isFsal,
  midpointTableau,
  ralstonTableau,
  tsit5Tableau,
} from "@diffrax-ts/solvers";
import { describe, expect, test } from "vitest";
import { residual, rootedTrees } from "./support/rootedTrees.ts";

const tableaus: readonly (ButcherTableau & { readonly name: string; readonly fsal: boolean })[] = [
  { name: "heunTableau", fsal: false, ...heunTableau },
  { name: "midpointTableau", fsal: false, ...midpointTableau },
  { name: "ralstonTableau", fsal: false, ...ralstonTableau },
  { name: "bosh3Tableau", fsal: true, ...bosh3Tableau },
  { name: "tsit5Tableau", fsal: true, ...tsit5Tableau },
  { name: "dopri5Tableau", fsal: true, ...dopri5Tableau },
  { name: "dopri8Tableau", fsal: true, ...dopri8Tableau },
];

const trees = rootedTrees(9);

/** The trees whose order condition does not hold. */
function violated(
  order: number,
  { aLower }: ButcherTableau,
  b: readonly number[],
  factor = 1,
): number {
  const rows = [[], ...aLower];
  return trees.filter((tree) => {
    if (tree.order !== order) return false;
    const { value, rounding } = residual(tree, rows, b);
    return Math.abs(value) > factor * rounding;
  }).length;
}

const upTo = (order: number): number[] => Array.from({ length: order }, (_, i) => i + 1);

test("rootedTrees(9) finds as many trees of each order as there are", () => {
  const counts = upTo(9).map((order) => trees.filter((tree) => tree.order === order).length);
  expect(counts).toEqual([1, 1, 2, 4, 9, 20, 48, 115, 286]);
});

describe.each(tableaus)("$name", (tableau) => {
  const { order, embeddedOrder, c, aLower, bSol, bError, fsal } = tableau;
  const embedded = bSol.map((b, i) => b - bError[i]!);

  test(`bSol fulfils all order conditions up to ${order}`, () => {
    expect(upTo(order).map((p) => violated(p, tableau, bSol))).toEqual(upTo(order).map(() => 0));
  });

  test(`bSol does not fulfil those of order ${order + 1}`, () => {
    expect(violated(order + 1, tableau, bSol, 1000)).toBeGreaterThan(0);
  });

  test(`bSol - bError fulfils all order conditions up to ${embeddedOrder}`, () => {
    expect(upTo(embeddedOrder).map((p) => violated(p, tableau, embedded))).toEqual(
      upTo(embeddedOrder).map(() => 0),
    );
  });

  test(`bSol - bError does not fulfil those of order ${embeddedOrder + 1}`, () => {
    expect(violated(embeddedOrder + 1, tableau, embedded, 1000)).toBeGreaterThan(0);
  });

  test("each row of aLower has its length, and sums up to c", () => {
    expect(aLower.map((row) => row.length)).toEqual(upTo(bSol.length - 1));
    for (const [i, row] of aLower.entries()) {
      const size = row.reduce((sum, a) => sum + Math.abs(a), 0);
      const sum = row.reduce((total, a) => total + a, 0);
      expect(Math.abs(sum - c[i]!)).toBeLessThanOrEqual((row.length + 1) * 2 ** -53 * (1 + size));
    }
  });

  test(`isFsal(tableau) is ${fsal}`, () => {
    expect(isFsal(tableau)).toBe(fsal);
  });
});
