import { describe, expect, test, vi } from "vitest";
import { calledBack } from "./calledBack.ts";
import { readFigures, type SolveCase } from "./figures.ts";
import { solveCase, solveTracedCase } from "./solveCase.ts";

const { cases: all } = readFigures<SolveCase>("sde");
const isReady = ({ solver }: SolveCase): boolean => !JSON.stringify(solver).includes("Milstein");
const cases = all.filter(isReady);

describe("diffeqsolve(terms on tensors) gives the figures of", () => {
  test.each(cases)("$id", (figure) => {
    expect(solveCase(figure, "onTensors")).toEqual([]);
  });
});

describe("diffeqsolve(MultiTerm(…)) inside jit gives the figures of", () => {
  test.each(cases)("$id", (figure) => {
    expect(solveTracedCase(figure)).toEqual([]);
  });
});

describe("diffeqsolve(terms in plain arithmetic) gives the figures of", () => {
  const warn = vi.spyOn(console, "warn");

  test.each(cases)("$id", (figure) => {
    expect(solveCase(figure, "plain")).toEqual([]);
  });

  test("without calling any of them back from compiled code, which warns", () => {
    expect(calledBack(warn.mock.calls)).toEqual([]);
  });
});

describe("still to come", () => {
  for (const { id, solver } of all.filter((figure) => !isReady(figure))) {
    // oxlint-disable-next-line vitest/warn-todo -- known by name, so that none is left out in silence
    test.todo(`${id} needs ${solver.name}`);
  }
});
