import { describe, expect, test, vi } from "vitest";
import { calledBack } from "./calledBack.ts";
import { readFigures, type SolveCase } from "./figures.ts";
import {
  defaultDifferences,
  solveCase,
  solveTracedCase,
  stepTimeDifferences,
} from "./solveCase.ts";

const { cases } = readFigures<SolveCase>("ode-implicit");

describe("diffeqsolve(vector field on tensors) gives the figures of", () => {
  test.each(cases)("$id", (figure) => {
    expect(solveCase(figure, "onTensors")).toEqual([]);
  });
});

describe("diffeqsolve inside jit gives the figures of", () => {
  test.each(cases)("$id", (figure) => {
    expect(solveTracedCase(figure)).toEqual([]);
  });
});

describe("diffeqsolve(vector field in plain arithmetic) gives the figures of", () => {
  const warn = vi.spyOn(console, "warn");

  test.each(cases)("$id", (figure) => {
    expect(solveCase(figure, "plain")).toEqual([]);
  });

  test("without calling any of them back from compiled code, which warns", () => {
    expect(calledBack(warn.mock.calls)).toEqual([]);
  });
});

describe("diffeqsolve with saveat: { steps: true } ends its steps at the times of", () => {
  test.each(cases.filter(({ expected }) => expected.stepTimes !== undefined))("$id", (figure) => {
    expect(stepTimeDifferences(figure)).toEqual([]);
  });
});

// With up to seven times fewer steps its errors are of the size of the tolerances, which van der Pol's oscillator makes a hundred times larger.
describe("diffeqsolve with the solver's own setting comes to the figures within 200 times the tolerances of a step, of", () => {
  test.each(cases)("$id", (figure) => {
    expect(defaultDifferences(figure, 200)).toEqual([]);
  });
});
