import { describeStructure, keyPaths, leaves, part, structure } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tree } from "./support/trees.ts";

test("keyPaths(structure, root) are the places of the leaves, written as in JavaScript", () => {
  const data = { b: [1, { "wind speed": 2 }], a: new Float64Array(1), é_1: 3, "2": 4 };
  expect(keyPaths(structure(data), "y0")).toEqual([
    'y0["2"]',
    "y0.a",
    "y0.b[0]",
    'y0.b[1]["wind speed"]',
    "y0.é_1",
  ]);
  expect(keyPaths(structure(1))).toEqual([""]);
});

test("keyPaths(structure)[i] leads to leaves(tree)[i]", () => {
  fc.assert(
    fc.property(tree, (data) => {
      const found = keyPaths(structure(data)).map((path) => follow(data, path));
      expect(found).toEqual(leaves(data));
    }),
  );
});

function follow(data: unknown, path: string): unknown {
  const steps = path.matchAll(/\.([\p{ID_Continue}$]+)|\[(\d+|"(?:[^"\\]|\\.)*")\]/gu);
  return [...steps].reduce<unknown>(
    (value, [, name, quoted]) =>
      (value as Record<string, unknown>)[name ?? (JSON.parse(quoted!) as string)],
    data,
  );
}

test("describeStructure(structure) shows what is static and marks what is not", () => {
  const data = { y: [1, {}], part: part("P", { order: 2, f: Math.sin }), mode: "fast", none: null };
  expect(describeStructure(structure(data))).toBe(
    '{ y: [*, {}], part: P { order: 2, f: the function sin, kind: "P" }, mode: "fast", none: null }',
  );
});

test("describeStructure(structure) has at most 200 characters", () => {
  const text = describeStructure(structure(Array.from({ length: 99 }, () => [1])));
  expect(text).toHaveLength(200);
  expect(text.endsWith("…")).toBe(true);
});
