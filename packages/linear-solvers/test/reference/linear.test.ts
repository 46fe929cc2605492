import { tensor } from "@diffrax-ts/array";
import { jit } from "@diffrax-ts/autodiff";
import { linearResultName, linearSolve, LU } from "@diffrax-ts/linear-solvers";
import type { Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { type LinearCase, readFigures } from "./figures.ts";

const cases = readFigures();

function expectFigures(
  value: Tensor,
  result: string,
  { expected, tolerance: { rtol, atol } }: LinearCase,
): void {
  expect(result).toBe(expected.result);
  if (expected.value === undefined) return; // of a singular matrix
  const numbers = value.toArray() as number[];
  expect(numbers.length).toBe(expected.value.length);
  const isClose = (x: number, y: number): boolean =>
    Number.isFinite(y) ? Math.abs(x - y) <= atol + rtol * Math.abs(y) : Object.is(x, y);
  expect(expected.value.filter((y, i) => !isClose(numbers[i]!, y))).toEqual([]);
}

describe("the figures of Lineax are met", () => {
  test.each(cases)("by linearSolve, for $id", (figure: LinearCase) => {
    const { value, result } = linearSolve(tensor(figure.operator.matrix), tensor(figure.b), {
      solver: LU(),
      throw: false,
    });
    expectFigures(value, result as string, figure);
  });

  test.each(cases)("by linearSolve inside jit, for $id", (figure: LinearCase) => {
    const solve = jit((a: Tensor, b: Tensor) => linearSolve(a, b, { throw: false }));
    const { value, result } = solve(tensor(figure.operator.matrix), tensor(figure.b));
    expectFigures(value, linearResultName((result as Tensor).item()), figure);
  });
});
