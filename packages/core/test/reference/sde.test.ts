import { describe, expect, test, vi } from "vitest";
import { calledBack } from "./calledBack.ts";
import { readFigures, type SolveCase } from "./figures.ts";
import { solveCase, solveTracedCase } from "./solveCase.ts";

const { cases } = readFigures<SolveCase>("sde");

// In some cases steps are shorter than the tree is fine, as in the figures.
const { warn: others } = console;
vi.spyOn(console, "warn").mockImplementation((text: string) => {
  if (!text.includes("shorter than the tol of a VirtualBrownianTree")) others(text);
});

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
