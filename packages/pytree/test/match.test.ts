import {
  flatten,
  leaves,
  match,
  part,
  structure,
  structuresEqual,
  tensorBrand,
} from "@diffrax-ts/pytree";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tree, vary } from "./support/trees.ts";

test("match(structure, tree, out) agrees with flatten and structuresEqual on random pairs", () => {
  const seen = { same: 0, other: 0 };
  fc.assert(
    fc.property(tree, tree, fc.nat(12), (a, b, at) => {
      const known = flatten(a).structure;
      for (const other of [a, b, vary(a, -1, undefined), vary(a, at, b)]) {
        const flat = flatten(other);
        const equal = structuresEqual(known, flat.structure);
        const out: unknown[] = [];
        expect(match(known, other, out)).toBe(equal);
        expect(equal ? out : []).toEqual(equal ? flat.leaves : []);
        seen[equal ? "same" : "other"]++;
      }
    }),
    { numRuns: 2000 },
  );
  // Both answers were put to the test.
  expect(Math.min(seen.same, seen.other)).toBeGreaterThan(1000);
});

test("match(structure, tree, out) finds the same leaves when the keys are written in another order", () => {
  const out: unknown[] = [];
  expect(match(structure({ a: 1, b: { d: 2, c: 3 } }), { b: { c: 30, d: 20 }, a: 10 }, out)).toBe(
    true,
  );
  expect(out).toEqual([10, 30, 20]);
});

test("match(structure, tree, out, start) writes from `start` on, and leaves the rest alone", () => {
  const out: unknown[] = ["kept", 0, 0, "kept"];
  expect(match(structure([1, 2]), [3, 4], out, 1)).toBe(true);
  expect(out).toEqual(["kept", 3, 4, "kept"]);
});

test("match(structure, tree, out) keeps `out` without holes for a large record written backwards", () => {
  const entries = Array.from({ length: 2000 }, (_, i) => [`k${9999 - i}`, i] as const);
  const large = Object.fromEntries(entries);
  const out: unknown[] = [];
  expect(match(structure(large), large, out)).toBe(true);
  expect(out).toEqual(leaves(large));
});

test.each([
  ["a missing key", { x: 1, v: 2 }, { x: 1 }],
  ["an additional key", { x: 1 }, { x: 1, v: 2 }],
  ["a missing key whose value was undefined", { x: 1, v: undefined }, { x: 1 }],
  ["an inherited property for an own one", { constructor: Object }, { toString: Object }],
  ["another static value", { mode: "fast" }, { mode: "slow" }],
  ["-0 for a 0 in a part", part("P", { c: 0 }), part("P", { c: -0 })],
  ["a record for a part", part("P", { c: 1 }), { kind: "P", c: 1 }],
  ["a part of another kind", part("P", { c: 1 }), part("Q", { c: 1 })],
  ["an array for a record", { 0: 1, 1: 2 }, [1, 2]],
  ["a number for a parameter", part("P", { w: new Float64Array(1) }), part("P", { w: 1 })],
  ["a class instance for a record", {}, Object.create({ inherited: 1 })],
  ["a tensor for a record", { shape: [] }, { shape: [], [tensorBrand]: true }],
  ["null for a record", { x: 1 }, null],
  ["nothing for a frozen record", Object.freeze({}), undefined],
])("match(structure, tree, out) says no to %s", (_, known, other) => {
  expect(match(structure(known), other, [])).toBe(false);
});

test("match(structure, part, out) does not walk a static object that it has seen", () => {
  const table = [[1], [2, 3]];
  const known = structure(part("P", { table }));
  const looked: PropertyKey[] = [];
  const spy = new Proxy(table, {
    get: (target, key) => (looked.push(key), Reflect.get(target, key)),
  });
  expect(match(known, part("P", { table: spy }), [])).toBe(true);
  expect(looked).not.toEqual([]);

  const knownSpy = structure(part("P", { table: spy }));
  looked.length = 0;
  expect(match(knownSpy, part("P", { table: spy }), [])).toBe(true);
  expect(looked).toEqual([]);
});

test("match(structure, data, out) sees a change in place of data that is not frozen", () => {
  const data = { mode: ["fast"] };
  const known = structure(data);
  data.mode[0] = "slow";
  expect(match(known, data, [])).toBe(false);

  const shallow = Object.freeze({ mode: ["fast"] });
  const knownShallow = structure(shallow);
  shallow.mode[0] = "slow";
  expect(match(knownShallow, shallow, [])).toBe(false);
});
