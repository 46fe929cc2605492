import { fixed, flatten, leaves, part, structure, unflatten } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { expect, test } from "vitest";
import { TestStrided, TestTensor } from "./support/TestTensor.ts";
import { tree } from "./support/trees.ts";

test("leaves({ prey, predator }) come in the order of sorted keys", () => {
  expect(leaves({ prey: 10, predator: 5 })).toEqual([5, 10]);
});

test("leaves(data) are its numbers, tensors, typed arrays and strided arrays", () => {
  const found = [
    1,
    new TestTensor([3]),
    new Float64Array(2),
    new BigInt64Array(1),
    new TestStrided(),
  ];
  const others = ["text", true, null, undefined, 1n, Math.sin, Symbol.iterator];
  expect(leaves([...found, ...others])).toEqual(found);
});

test("leaves(part) are its tensors and typed arrays: numbers configure it, however deep", () => {
  const weight = new TestTensor([2, 2]);
  const bias = new Float64Array(2);
  const layer = part("Linear", { size: 2, nested: [{ gain: 1, weight }, 3], bias });
  expect(leaves({ layer, rate: 0.1 })).toEqual([bias, weight, 0.1]);
});

test("leaves(fixed(n)) are none", () => {
  expect(leaves([fixed(3), 4])).toEqual([4]);
});

test("unflatten(structure, leaves) of flatten(tree) is the tree, with its keys in their order", () => {
  fc.assert(
    fc.property(tree, (original) => {
      const { leaves, structure } = flatten(original);
      const rebuilt = unflatten(structure, leaves);
      expect(rebuilt).toStrictEqual(original);
      expect(inOrder(rebuilt)).toEqual(inOrder(original));
    }),
    { numRuns: 500 },
  );
});

test("unflatten(structure, leaves) makes new containers, and keeps parts without leaves", () => {
  const original = { y: [1], solver: part("Euler", { order: 1 }) };
  const { leaves, structure } = flatten(original);
  const rebuilt = unflatten(structure, leaves) as typeof original;
  expect(rebuilt.y).not.toBe(original.y);
  expect(rebuilt.solver).toBe(original.solver);
});

test("unflatten(structure, leaves) rebuilds a part that works: it has its brand, prototype and functions", () => {
  class Layer {
    readonly weight = new Float64Array(1);
    readonly kind = "Layer";
    get [Symbol.for("@diffrax-ts/part")](): string {
      return this.kind;
    }
    twice(): number {
      return 2 * this.weight[0]!;
    }
  }
  const instance = unflatten(structure(new Layer()), [new Float64Array([3])]) as Layer;
  expect(instance.twice()).toBe(6);
  expect(leaves(instance)).toEqual([new Float64Array([3])]);

  const record = unflatten(structure(part("L", { gain: 2, w: new Float64Array(1), read })), [[4]]);
  expect((record as { read(): number }).read()).toBe(8);
  expect(leaves(record)).toEqual([]);
});

function read(this: { gain: number; w: number[] }): number {
  return this.gain * this.w[0]!;
}

test("unflatten(structure, leaves) refuses another number of leaves", () => {
  expect(() => unflatten(structure([1, 2]), [1])).toThrow(
    "unflatten: the structure has 2 leaves, got 1",
  );
});

test("flatten(tree) takes empty containers", () => {
  expect(flatten({ a: [], b: {} })).toMatchObject({ leaves: [], structure: { size: 0 } });
});

test("flatten(tree) does not confuse a record that has a shape with an array", () => {
  expect(leaves({ shape: [2], stride: [1], offset: 3, data: [4, 5] })).toEqual([4, 5, 3, 2, 1]);
});

test.each([
  ["a class instance", { at: [new Date(0)] }, /^y0\.at\[0\]: an instance of Date is neither/],
  ["a map", new Map(), /^y0: an instance of Map is neither/],
  ["a view of bytes", [new DataView(new ArrayBuffer(1))], /^y0\[0\]: an instance of DataView/],
  ["an instance in a part", part("P", { at: new Set() }), /^y0\.at: an instance of Set/],
  ["the key __proto__", JSON.parse('{ "a": { "__proto__": 1 } }'), /^y0\.a\.__proto__: this key/],
  ["65 numbers", { q: Array.from({ length: 65 }, Math.sqrt) }, /^y0\.q: .*Float64Array\.from/],
  ["a cycle", cycle(), /^y0\["the way"\]\[1\]: the tree contains itself/],
])("flatten(tree, name) of %s throws an error that names the place", (_, bad, message) => {
  expect(() => flatten(bad, "y0")).toThrow(message);
  expect(() => flatten(bad, "y0")).toThrow(TypeError);
});

function cycle(): unknown {
  const tree = { "the way": [1, {}] as unknown[] };
  tree["the way"][1] = tree;
  return tree;
}

test("flatten(tree) takes 64 numbers in an array, any number of arrays, and long lists in a part", () => {
  const many = Array.from({ length: 64 }, (_, i) => i);
  expect(leaves(many)).toHaveLength(64);
  expect(leaves(Array.from({ length: 100 }, () => [1]))).toHaveLength(100);
  expect(leaves(part("Table", { c: [...many, 64] }))).toEqual([]);
});

test("flatten(tree) takes the same object twice: that is no cycle", () => {
  const shared = { x: 1 };
  expect(leaves([shared, shared])).toEqual([1, 1]);
});

/** The keys of all records, in the order of a walk. */
function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return typeof value;
  return Object.entries(value).map(([key, inside]) => [key, inOrder(inside)]);
}
