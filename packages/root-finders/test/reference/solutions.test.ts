import { asTensor } from "@diffrax-ts/array";
import { jit } from "@diffrax-ts/autodiff";
import { maxNorm, rmsNorm, twoNorm } from "@diffrax-ts/protocol";
import { leaves, structure, structuresEqual, type Tensor } from "@diffrax-ts/pytree";
import {
  BFGS,
  Bisection,
  Chord,
  fixedPoint,
  FixedPointIteration,
  GaussNewton,
  leastSquares,
  LevenbergMarquardt,
  minimise,
  Newton,
  nonlinearResultName,
  type NonlinearSolution,
  rootFind,
  VeryChord,
} from "@diffrax-ts/root-finders";
import { describe, expect, test } from "vitest";
import { type Figure, readFigures, treeOf } from "./figures.ts";
import { functions } from "./functions.ts";

const cases = [...readFigures("root"), ...readFigures("optima")];

const norms = { maxNorm, rmsNorm, twoNorm };

const solvers: Readonly<Record<string, (options: never) => unknown>> = {
  BFGS,
  Bisection,
  Chord,
  FixedPointIteration,
  GaussNewton,
  LevenbergMarquardt,
  Newton,
  VeryChord: (options: object) => VeryChord({ ...options, diffrax072: true }),
};

const tasks = { rootFind, leastSquares, minimise, fixedPoint };

function solve(figure: Figure, y0: unknown, args: unknown): NonlinearSolution {
  const { task = "rootFind", solver, maxSteps, options = {} } = figure;
  const { norm, ...rest } = solver.options;
  const given = norm === undefined ? rest : { ...rest, norm: norms[norm] };
  const run = tasks[task] as (...all: readonly unknown[]) => NonlinearSolution;
  const kind: Readonly<Record<string, unknown>> = functions[task === "rootFind" ? "root" : task];
  return run(kind[figure.function], solvers[solver.name]!(given as never), y0, {
    args,
    maxSteps,
    options,
    throw: false,
  });
}

function numbersOf(tree: unknown): readonly number[] {
  return leaves(tree).flatMap((leaf) =>
    [asTensor(leaf, "figures").toArray() as number | number[]].flat(),
  );
}

function expectFigures(value: unknown, result: string, numSteps: number, figure: Figure): void {
  const { expected, tolerance } = figure;
  expect(result).toBe(expected.result.replaceAll(/_(\w)/gu, (_, c: string) => c.toUpperCase()));
  expect(numSteps).toBe(expected.stats.numSteps);
  const wanted = treeOf(expected.value);
  expect(structuresEqual(structure(value), structure(wanted))).toBe(true);
  const [actual, numbers] = [numbersOf(value), numbersOf(wanted)];
  expect(actual.length).toBe(numbers.length);
  const isClose = (x: number, y: number): boolean =>
    Number.isFinite(y)
      ? Math.abs(x - y) <= tolerance.atol + tolerance.rtol * Math.abs(y)
      : Object.is(x, y);
  expect(numbers.filter((y, i) => !isClose(actual[i]!, y))).toEqual([]);
}

describe("the figures of Optimistix are met", () => {
  test.each(cases)("at top level, for $id", (figure: Figure) => {
    const { value, result, stats } = solve(figure, treeOf(figure.y0), treeOf(figure.args));
    expectFigures(value, result as string, stats.numSteps as number, figure);
  });

  test.each(cases)("inside jit, for $id", (figure: Figure) => {
    const found = jit((y0: never, args: never) => {
      const { value, result, stats } = solve(figure, y0, args);
      return { value, result, numSteps: stats.numSteps };
    })(treeOf(figure.y0) as never, treeOf(figure.args) as never) as unknown as {
      readonly value: unknown;
      readonly result: Tensor;
      readonly numSteps: Tensor;
    };
    const result = nonlinearResultName(found.result.item());
    expectFigures(found.value, result, found.numSteps.item(), figure);
  });
});
