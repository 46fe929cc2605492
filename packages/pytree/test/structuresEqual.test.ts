import { part, structure, structuresEqual } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tree, vary } from "./support/trees.ts";

const same = (a: unknown, b: unknown): boolean => structuresEqual(structure(a), structure(b));

test("structuresEqual(a, b) does not look at leaves, nor at the order of keys", () => {
  fc.assert(
    fc.property(tree, (a) => {
      const [one, other] = [structure(a), structure(vary(a, -1, undefined))];
      expect(structuresEqual(one, other)).toBe(true);
      expect(one.hash).toBe(other.hash);
    }),
  );
});

test("structuresEqual(a, b) is symmetric, and equal structures have equal hashes", () => {
  fc.assert(
    fc.property(tree, tree, fc.nat(8), (a, b, at) => {
      const [one, other] = [structure(a), structure(vary(a, at, b))];
      const equal = structuresEqual(one, other);
      expect(structuresEqual(other, one)).toBe(equal);
      expect(!equal || one.hash === other.hash).toBe(true);
    }),
  );
});

test("structuresEqual(a, b) compares configuration by value and functions by identity", () => {
  const maker = (order: number, step: () => number): unknown =>
    part("S", { order, c: [0.5], step });
  const f = (): number => 1;
  expect(same(maker(2, f), maker(2, f))).toBe(true);
  expect(same(maker(2, f), maker(3, f))).toBe(false);
  expect(
    same(
      maker(2, f),
      maker(2, () => 1),
    ),
  ).toBe(false);
  expect(same(part("S", { c: Number.NaN }), part("S", { c: Number.NaN }))).toBe(true);
});

test("structuresEqual(a, b) tells a leaf of data from a leaf of a part, and 1 from fixed numbers", () => {
  expect(same({ w: 1 }, { w: new Float64Array(1) })).toBe(true);
  expect(same(part("P", { w: 1 }), part("P", { w: new Float64Array(1) }))).toBe(false);
});

test("structure(tree).hash spreads: 10 000 different structures have few hashes in common", () => {
  const hashes = new Set<number>();
  for (let i = 0; i < 100; i++) {
    for (let j = 0; j < 100; j++) {
      hashes.add(structure({ [`k${i}`]: 1, p: part("P", { c: [i / 7, j * 1e-9] }) }).hash);
    }
  }
  // 1e8 / 2 pairs, 2³² values: 0.01 collisions are expected of a random function.
  expect(hashes.size).toBeGreaterThan(9990);
});
