import {
  flatten,
  hashStructure,
  hashTree,
  type Leaf,
  leaves,
  part,
  structure,
} from "@diffrax-ts/pytree";
import fc from "fast-check";
import { expect, test } from "vitest";

const tree = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.double(),
    fc.nat(5).map((n) => new Float64Array(n)),
    fc.constantFrom("a", "text", true, false, null, undefined),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("x", "v", "params", "rate"), tie("tree"), { maxKeys: 3 }),
    fc
      .dictionary(fc.constantFrom("order", "params", "weight"), tie("tree"), { maxKeys: 3 })
      .map((fields) => part("solver", { ...fields })),
  ),
})).tree;

const typesOf = (given: unknown) =>
  leaves(given).map((leaf: Leaf) => ({
    shape: typeof leaf === "number" ? [] : [(leaf as Float64Array).length],
  }));

test("hashTree(tree) is that of its structure with the shapes of its leaves", () => {
  fc.assert(
    fc.property(tree, (given) => {
      expect(hashTree(given)).toBe(hashStructure(structure(given), typesOf(given)));
    }),
  );
});

test("hashTree(tree) does not depend on the order of keys, nor on numbers outside of parts", () => {
  expect(hashTree({ x: 1, v: [2, 3] })).toBe(hashTree({ v: [4, 5], x: 6 }));
  expect(hashTree({ x: 1, v: [2, 3] })).not.toBe(hashTree({ v: [4], x: 6 }));
  expect(hashTree(new Float64Array(3))).not.toBe(hashTree(new Float64Array(4)));
  expect(hashTree(part("p", { rtol: 1 }))).not.toBe(hashTree(part("p", { rtol: 2 })));
  expect(hashTree(part("p", { params: 1 }))).toBe(hashTree(part("p", { params: 2 })));
});

test("hashTree(tree) of many shapes spreads", () => {
  const hashes = new Set<number>();
  for (let i = 0; i < 100; i++)
    for (let j = 0; j < 100; j++)
      hashes.add(hashTree([new Float64Array(i), { y: new Float64Array(j) }]));
  expect(hashes.size).toBeGreaterThan(9900);
});

test("hashTree(tree) ends for a tree that contains itself, which flatten refuses", () => {
  const round: unknown[] = [1];
  round.push(round, round);
  expect(hashTree(round)).toBe(0);
  expect(() => flatten(round)).toThrow("contains itself");
});
