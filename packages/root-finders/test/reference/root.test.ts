import { asTensor } from "@diffrax-ts/array";
import { jit } from "@diffrax-ts/autodiff";
import { rmsNorm } from "@diffrax-ts/protocol";
import { leaves, structure, structuresEqual, type Tensor } from "@diffrax-ts/pytree";
import {
  Chord,
  Newton,
  rootFind,
  type RootFinder,
  rootResultName,
  type RootSolution,
  VeryChord,
} from "@diffrax-ts/root-finders";
import { describe, expect, test } from "vitest";
import { readFigures, type RootCase, treeOf } from "./figures.ts";
import { functions } from "./functions.ts";

const cases = readFigures().filter(({ solver }) => solver.name !== "Bisection");

function finderOf({ solver: { name, options } }: RootCase): RootFinder {
  const given: object = options.norm === undefined ? options : { ...options, norm: rmsNorm };
  switch (name) {
    case "Newton":
      return Newton(given);
    case "Chord":
      return Chord(given);
    case "VeryChord":
      return VeryChord({ ...given, diffrax072: true });
    case "Bisection":
      throw new Error("bisection");
  }
}

function solve(figure: RootCase, y0: object | number, args: unknown): RootSolution {
  return rootFind(functions[figure.function] as never, finderOf(figure), y0, {
    args,
    maxSteps: figure.maxSteps,
    options: figure.options,
    throw: false,
  });
}

function numbersOf(tree: unknown): readonly number[] {
  return leaves(tree).flatMap((leaf) =>
    [asTensor(leaf, "figures").toArray() as number | number[]].flat(),
  );
}

function expectFigures(solution: RootSolution, result: string, numSteps: number, figure: RootCase) {
  const { expected, tolerance } = figure;
  expect(result).toBe(expected.result.replaceAll(/_(\w)/gu, (_, c: string) => c.toUpperCase()));
  expect(numSteps).toBe(expected.stats.numSteps);
  const wanted = treeOf(expected.value);
  expect(structuresEqual(structure(solution.value), structure(wanted))).toBe(true);
  const [actual, numbers] = [numbersOf(solution.value), numbersOf(wanted)];
  expect(actual.length).toBe(numbers.length);
  const isClose = (x: number, y: number): boolean =>
    Number.isFinite(y)
      ? Math.abs(x - y) <= tolerance.atol + tolerance.rtol * Math.abs(y)
      : Object.is(x, y);
  expect(numbers.filter((y, i) => !isClose(actual[i]!, y))).toEqual([]);
}

describe("the figures of Optimistix are met", () => {
  test.each(cases)("by rootFind, for $id", (figure: RootCase) => {
    const solution = solve(figure, treeOf(figure.y0), figure.args);
    expectFigures(solution, solution.result as string, solution.stats.numSteps as number, figure);
  });

  test.each(cases)("by rootFind inside jit, for $id", (figure: RootCase) => {
    const found = jit((y0: never, args: unknown) => {
      const { value, result, stats } = solve(figure, y0, args);
      return { value, result, numSteps: stats.numSteps };
    })(treeOf(figure.y0) as never, figure.args) as unknown as {
      value: unknown;
      result: Tensor;
      numSteps: Tensor;
    };
    expectFigures(
      found as never,
      rootResultName(found.result.item()),
      found.numSteps.item(),
      figure,
    );
  });
});
