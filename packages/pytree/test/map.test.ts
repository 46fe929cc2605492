import { flattenLike, map, match, part, structure } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import { TestTensor } from "./support/TestTensor.ts";
import { tree } from "./support/trees.ts";

test("map((x) => x, tree) is the tree", () => {
  fc.assert(
    fc.property(tree, (original) => {
      expect(map((x) => x, original)).toStrictEqual(original);
    }),
  );
});

test("map((f ∘ g), tree) is map(f, map(g, tree))", () => {
  const numbers = fc.dictionary(fc.constantFrom("a", "b"), fc.array(fc.double(), { maxLength: 3 }));
  fc.assert(
    fc.property(numbers, (data) => {
      const twice = map(
        (x) => 3 * x,
        map((x) => x - 1, data),
      );
      expect(map((x) => 3 * (x - 1), data)).toStrictEqual(twice);
    }),
  );
});

test("map(fn, a, b, c) hands over the leaves at the same place, whatever the order of keys", () => {
  const sum = map(
    (x, y, z) => x + y + z,
    { a: 1, b: [2] },
    { b: [20], a: 10 },
    { a: 100, b: [200] },
  );
  expect(sum).toEqual({ a: 111, b: [222] });
  expectTypeOf(sum).toEqualTypeOf<{ a: number; b: number[] }>();
});

test("map(fn, tree) may give leaves of another kind", () => {
  const shapes = map((x) => x.shape, { w: new TestTensor([2, 3] as const), name: "net" });
  expect(shapes).toEqual({ w: [2, 3], name: "net" });
  expectTypeOf(shapes).toEqualTypeOf<{ w: readonly [2, 3]; name: string }>();
});

test("map(fn, tree, other) names the place where the other tree departs", () => {
  const y0 = { arm: [0, 0, { angle: [1, 2, 3] }] };
  const dy = { arm: [0, 0, { angle: [1, 2] }] };
  expect(() => map((x) => x, y0, dy)).toThrow(
    "map: rest[0].arm[2].angle: expected an array of 3, got an array of 2",
  );
});

const arm = { arm: [0, 0, { angle: [1, 2, 3] }], mode: "fast", part: part("P", { order: 2 }) };
test.each([
  [
    { ...arm, arm: [0, 0, { angle: [1, 2] }] },
    ".arm[2].angle: expected an array of 3, got an array of 2",
  ],
  [
    { ...arm, arm: [0, 0, {}] },
    ".arm[2]: expected an object with the keys angle, got an object without keys",
  ],
  [
    { ...arm, arm: [0, "1", { angle: [1, 2, 3] }] },
    '.arm[1]: expected a number or an array of numbers, got "1"',
  ],
  [
    { ...arm, arm: [0, {}, { angle: [1, 2, 3] }] },
    ".arm[1]: expected a number or an array of numbers, got an object without keys",
  ],
  [{ ...arm, arm: new TestTensor([2, 3]) }, ".arm: expected an array of 3, got float64[2,3]"],
  [{ ...arm, arm: new Float32Array(2) }, ".arm: expected an array of 3, got a Float32Array of 2"],
  [{ ...arm, arm: new Date(0) }, ".arm: expected an array of 3, got an instance of Date"],
  [{ ...arm, mode: "slow" }, '.mode: expected "fast", got "slow"'],
  [{ ...arm, mode: Math.sin }, '.mode: expected "fast", got the function sin'],
  [{ ...arm, part: part("P", { order: 3 }) }, ".part.order: expected 2, got 3"],
  [
    { ...arm, part: part("Q", { order: 2 }) },
    ".part: expected a P with the keys order, kind, got a Q with the keys order, kind",
  ],
  [undefined, ": expected an object with the keys arm, mode, part, got undefined"],
])(
  "flattenLike(structure, tree, name) says where and how the tree differs (%#)",
  (bad, message) => {
    expect(() => flattenLike(structure(arm), bad, "y0")).toThrow(new TypeError(`y0${message}`));
  },
);

test("flattenLike(structure, tree) says something whenever it refuses", () => {
  fc.assert(
    fc.property(tree, tree, (a, b) => {
      const known = structure(a);
      fc.pre(!match(known, b, []));
      expect(() => flattenLike(known, b, "y0")).toThrow(
        // The two descriptions differ.
        /^y0.*: expected (?<expected>.+), got (?!\k<expected>$).+$/su,
      );
    }),
  );
});
