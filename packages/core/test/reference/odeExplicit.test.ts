import { describe, expect, test, vi } from "vitest";
import { calledBack } from "./calledBack.ts";
import { readFigures, type SolveCase } from "./figures.ts";
import { solveCase, solveTracedCase, stepTimeDifferences } from "./solveCase.ts";

const { cases } = readFigures<SolveCase>("ode-explicit");

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

describe("diffeqsolve with the stages as a loop gives the figures of", () => {
  const hasStages = new Set(["Heun", "Midpoint", "Ralston", "Bosh3", "Tsit5", "Dopri5", "Dopri8"]);
  const chosen = cases.filter(
    ({ solver, problem }) => hasStages.has(solver.name) && problem.name !== "lotkaVolterra",
  );
  test.each(chosen)("$id", (figure) => {
    const solver = { ...figure.solver, options: { scanStages: true } };
    expect(solveCase({ ...figure, solver }, "onTensors")).toEqual([]);
  });
});

describe("diffeqsolve with saveat: { steps: true } ends its steps at the times of", () => {
  test.each(cases.filter(({ expected }) => expected.stepTimes !== undefined))("$id", (figure) => {
    expect(stepTimeDifferences(figure)).toEqual([]);
  });
});
