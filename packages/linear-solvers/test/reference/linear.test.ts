import { tensor } from "@diffrax-ts/array";
import { jit } from "@diffrax-ts/autodiff";
import {
  AutoLinearSolver,
  BiCGStab,
  CG,
  Cholesky,
  Diagonal,
  DiagonalLinearOperator,
  GMRES,
  type LinearOperator,
  linearResultName,
  linearSolve,
  type LinearSolver,
  LU,
  MatrixLinearOperator,
  QR,
  SVD,
  Triangular,
  Tridiagonal,
  TridiagonalLinearOperator,
} from "@diffrax-ts/linear-solvers";
import type { Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { type LinearCase, type OperatorFigure, readFigures, type SolverFigure } from "./figures.ts";

const cases = readFigures();

function operatorOf(figure: OperatorFigure): LinearOperator<Tensor, Tensor> {
  switch (figure.kind) {
    case "MatrixLinearOperator":
      return MatrixLinearOperator(tensor(figure.matrix), { tags: figure.tags ?? [] });
    case "DiagonalLinearOperator":
      return DiagonalLinearOperator(tensor(figure.diagonal));
    case "TridiagonalLinearOperator":
      return TridiagonalLinearOperator(
        tensor(figure.diagonal),
        tensor(figure.lowerDiagonal),
        tensor(figure.upperDiagonal),
      );
  }
}

const solvers: Readonly<Record<SolverFigure["name"], (options: never) => LinearSolver>> = {
  LU,
  QR,
  SVD,
  AutoLinearSolver,
  Triangular,
  Diagonal,
  Tridiagonal,
  Cholesky,
  CG,
  GMRES,
  BiCGStab,
};

function solverOf({ name, options }: SolverFigure): LinearSolver {
  return solvers[name](options as never);
}

function expectFigures(
  value: Tensor,
  result: string,
  numSteps: unknown,
  { expected, tolerance: { rtol, atol } }: LinearCase,
): void {
  const inCamelCase = expected.result.replaceAll(/_(\w)/gu, (_, c: string) => c.toUpperCase());
  expect(result).toBe(inCamelCase);
  expect(numSteps).toBe(expected.stats.numSteps);
  if (expected.value === undefined) return; // of a singular matrix
  const numbers = value.toArray() as number[];
  expect(numbers.length).toBe(expected.value.length);
  const isClose = (x: number, y: number): boolean =>
    Number.isFinite(y) ? Math.abs(x - y) <= atol + rtol * Math.abs(y) : Object.is(x, y);
  expect(expected.value.filter((y, i) => !isClose(numbers[i]!, y))).toEqual([]);
}

describe("the figures of Lineax are met", () => {
  test.each(cases)("by linearSolve, for $id", (figure: LinearCase) => {
    const solver = solverOf(figure.solver);
    const operator = operatorOf(figure.operator);
    const { value, result, stats } = linearSolve(operator, tensor(figure.b), {
      solver,
      throw: false,
    });
    expectFigures(value, result as string, stats["numSteps"], figure);
  });

  test.each(cases)("by linearSolve inside jit, for $id", (figure: LinearCase) => {
    const solver = solverOf(figure.solver);
    const solve = jit((operator: LinearOperator<Tensor, Tensor>, b: Tensor) =>
      linearSolve(operator, b, { solver, throw: false }),
    );
    const { value, result, stats } = solve(operatorOf(figure.operator), tensor(figure.b));
    const numSteps = (stats["numSteps"] as Tensor | undefined)?.item();
    expectFigures(value, linearResultName((result as Tensor).item()), numSteps, figure);
  });
});
