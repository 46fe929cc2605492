import {
  fixed,
  isFixed,
  isPart,
  isTensor,
  kindOf,
  part,
  structure,
  unwrapFixed,
} from "@diffrax-ts/pytree";
import { expect, test } from "vitest";
import { TestTensor } from "./support/TestTensor.ts";

test("part(kind, fields) is known as a part by the registered symbol, also after a spread", () => {
  const solver = part("Tsit5", { order: 5 });
  expect(solver).toMatchObject({ kind: "Tsit5", order: 5 });
  expect(isPart({ [Symbol.for("@diffrax-ts/part")]: "Other" })).toBe(true);
  expect(kindOf({ ...solver, order: 4 })).toBe("Tsit5");
});

test.each([[{ kind: "Tsit5" }], [null], [undefined], [1], ["Tsit5"], [[]]])(
  "isPart(%o) is false",
  (value) => {
    expect(isPart(value)).toBe(false);
  },
);

test("part(kind, fields) of a wrapped part replaces its kind", () => {
  const inner = part("Euler", { order: 1 });
  expect(kindOf(part("Half", { ...inner }))).toBe("Half");
  expect(kindOf(inner)).toBe("Euler");
});

test("isTensor(value) goes by the registered symbol, on the object or its prototype", () => {
  expect(isTensor(new TestTensor([1]))).toBe(true);
  expect(isTensor({ [Symbol.for("@diffrax-ts/tensor")]: 1 })).toBe(true);
  expect([null, 1, [], new Float64Array(1)].some(isTensor)).toBe(false);
});

test("fixed(n) wants a number", () => {
  expect(isFixed(fixed(3))).toBe(true);
  expect(isFixed({ value: 3 })).toBe(false);
  expect(() => fixed("3" as never)).toThrow("fixed: the value must be a number, got 3");
});

test("unwrapFixed(tree) puts the numbers in place, also in frozen data, and leaves parts alone", () => {
  const solver = part("S", { n: fixed(1) });
  const tree = Object.freeze({ n: fixed(3), list: Object.freeze([fixed(4), "x"]), y: 1, solver });
  const unwrapped = unwrapFixed(tree);
  expect(unwrapped).toEqual({ n: 3, list: [4, "x"], y: 1, solver });
  expect(unwrapped.solver).toBe(solver);
  expect(unwrapFixed(fixed(7))).toBe(7);
});

test("structure(fixed(n)) depends on n", () => {
  expect(structure(fixed(3)).hash).not.toBe(structure(fixed(4)).hash);
});
