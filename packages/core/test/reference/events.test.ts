import { describe, expect, test, vi } from "vitest";
import { readFigures, type SolveCase } from "./figures.ts";
import { pendingRootFinders } from "./parts.ts";
import { solveCase, solveTracedCase } from "./solveCase.ts";

const { cases } = readFigures<SolveCase>("events");

/** The root finder that a case waits for, if there is one. */
function missing({ event }: SolveCase): string | null {
  const rootFinder = event?.rootFinder?.name ?? "";
  return pendingRootFinders.includes(rootFinder) ? rootFinder : null;
}

const ready = cases.filter((figure) => missing(figure) === null);

describe("diffeqsolve(vector field on tensors) ends at the events of", () => {
  test.each(ready)("$id", (figure) => {
    expect(solveCase(figure, "onTensors")).toEqual([]);
  });
});

describe("diffeqsolve inside jit ends at the events of", () => {
  test.each(ready)("$id", (figure) => {
    expect(solveTracedCase(figure)).toEqual([]);
  });
});

describe("diffeqsolve(vector field in plain arithmetic) ends at the events of", () => {
  const warn = vi.spyOn(console, "warn");

  test.each(ready)("$id", (figure) => {
    expect(solveCase(figure, "plain")).toEqual([]);
  });

  test("without calling any of them back from compiled code, which warns", () => {
    expect(warn).not.toHaveBeenCalled();
  });
});

describe("still to come", () => {
  for (const figure of cases.filter((one) => missing(one) !== null)) {
    // oxlint-disable-next-line vitest/warn-todo -- known by name, so that none is left out in silence
    test.todo(`${figure.id} needs ${missing(figure)}`);
  }
});
