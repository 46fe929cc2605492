import { expect, test } from "vitest";
import { dot, solvePositive } from "../solvePositive.ts";

test("solvePositive of [[4, 2, 0], [2, 5, 2], [0, 2, 5]] and [8, 18, 19] is [1, 2, 3]", () => {
  const a = [
    [4, 2, 0],
    [2, 5, 2],
    [0, 2, 5],
  ];
  const x = solvePositive(a, [8, 18, 19]);
  for (const [i, value] of [1, 2, 3].entries()) expect(x[i]).toBeCloseTo(value, 14);
});

test("solvePositive of a matrix that is not positive definite is NaN", () => {
  const a = [
    [1, 2],
    [2, 1],
  ];
  expect(solvePositive(a, [1, 1])).toEqual([Number.NaN, Number.NaN]);
});

test("dot([1, 2], [3, 4]) is 11", () => {
  expect(dot([1, 2], [3, 4])).toBe(11);
});
