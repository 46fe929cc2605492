import { tensor } from "@diffrax-ts/array";
import { describe, expect, test } from "vitest";
import { differences } from "./differences.ts";
import type { JsonTree } from "./jsonTree.ts";

const close = { rtol: 1e-6, atol: 1e-9 };
const isMet = (actual: unknown, expected: JsonTree): boolean =>
  differences(actual, expected, close, "x").length === 0;

describe("differences(actual, expected)", () => {
  test("a finite figure is met within the tolerance, by no infinity and by no NaN", () => {
    for (const x of [2, 2 + 1.9e-6, 2 - 1.9e-6]) expect(isMet(x, 2), `${x}`).toBe(true);
    for (const x of [2 + 2.1e-6, -2, Infinity, -Infinity, NaN]) expect(isMet(x, 2)).toBe(false);
    expect(isMet(-0, 0)).toBe(true);
  });

  test("an infinite figure is met by the same infinity alone", () => {
    expect([isMet(Infinity, "inf"), isMet(-Infinity, "-inf")]).toEqual([true, true]);
    for (const x of [0, 1, Number.MAX_VALUE, -Infinity, NaN]) expect(isMet(x, "inf")).toBe(false);
    for (const x of [0, -Number.MAX_VALUE, Infinity, NaN]) expect(isMet(x, "-inf")).toBe(false);
  });

  test("NaN is met by NaN alone", () => {
    expect(isMet(NaN, "nan")).toBe(true);
    for (const x of [0, 1, Infinity, -Infinity]) expect(isMet(x, "nan")).toBe(false);
  });

  test("an infinite element of an array is compared like any other", () => {
    expect(isMet(tensor([1, Infinity]), [1, "inf"])).toBe(true);
    expect(isMet(tensor([1, 5]), [1, "inf"])).toBe(false);
    expect(
      isMet(
        [tensor([1, 2]), tensor([3, 5])],
        [
          [1, 3],
          [2, "inf"],
        ],
      ),
    ).toBe(false);
  });

  test("what is missing, or more than the figures have, is a difference", () => {
    expect(isMet(undefined, 1)).toBe(false);
    expect(isMet(null, 1)).toBe(false);
    expect(isMet(tensor([1, 2]), [1, 2, 3])).toBe(false);
    expect(isMet(tensor([1, 2, 3]), [1, 2])).toBe(false);
    expect(isMet(tensor([]), [1])).toBe(false);
    expect(isMet([tensor([1]), tensor([3, 4])], [[1, 3]])).toBe(false);
    expect(
      isMet(
        [tensor([1, 2]), tensor([3])],
        [
          [1, 3],
          [2, 4],
        ],
      ),
    ).toBe(false);
    expect(isMet({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(isMet({ a: 1, b: 2 }, { a: 1 })).toBe(false);
    expect(isMet(null, { a: 1 })).toBe(false);
    expect(isMet([1], { $tuple: [1, 2] })).toBe(false);
    expect(isMet(1, null)).toBe(false);
  });
});
