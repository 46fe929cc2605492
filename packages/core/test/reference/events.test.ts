import { describe, expect, test, vi } from "vitest";
import { calledBack } from "./calledBack.ts";
import { readFigures, type SolveCase } from "./figures.ts";
import { solveCase, solveTracedCase } from "./solveCase.ts";

const { cases } = readFigures<SolveCase>("events");

describe("diffeqsolve(vector field on tensors) ends at the events of", () => {
  test.each(cases)("$id", (figure) => {
    expect(solveCase(figure, "onTensors")).toEqual([]);
  });
});

describe("diffeqsolve inside jit ends at the events of", () => {
  test.each(cases)("$id", (figure) => {
    expect(solveTracedCase(figure)).toEqual([]);
  });
});

describe("diffeqsolve(vector field in plain arithmetic) ends at the events of", () => {
  const warn = vi.spyOn(console, "warn");

  test.each(cases)("$id", (figure) => {
    expect(solveCase(figure, "plain")).toEqual([]);
  });

  test("without calling any of them back from compiled code, which warns", () => {
    expect(calledBack(warn.mock.calls)).toEqual([]);
  });
});

test("by the default rule, the earliest event wins, all cases but these end alike", () => {
  const others = cases.filter((figure) => {
    const event = { ...figure.event!, precedence: "time" } as const;
    return solveCase({ ...figure, event }, "onTensors").length > 0;
  });
  expect(others.map(({ id }) => id)).toEqual([]);
});
