// The setting that users get, beside the one of the figures: its own steps, and the accuracy that was asked for.
import {
  diffeqsolve,
  ImplicitEuler,
  KenCarp3,
  KenCarp4,
  KenCarp5,
  Kvaerno3,
  Kvaerno4,
  Kvaerno5,
  PIDController,
  Sil3,
} from "@diffrax-ts/core";
import { leaves, type Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { readFigures, type SolveCase } from "./figures.ts";
import { readNumber, readTensor, readTree } from "./jsonTree.ts";
import { makeController, makeTerms } from "./parts.ts";

const { cases } = readFigures<SolveCase>("ode-implicit");
const solvers: Readonly<Record<string, () => unknown>> = {
  ImplicitEuler,
  KenCarp3,
  KenCarp4,
  KenCarp5,
  Kvaerno3,
  Kvaerno4,
  Kvaerno5,
  Sil3,
};

const adaptive = cases.filter(
  ({ stepsizeController, solver, tmid, dtype }) =>
    stepsizeController.name === "PIDController" &&
    solver.options["rootFinder"] === undefined &&
    tmid === undefined &&
    dtype === undefined,
);

interface End {
  readonly ys: unknown;
  readonly result: string;
  readonly stats: { readonly numSteps: number };
}

/** The end of a case by other parts. */
function endOf(figure: SolveCase, solver: unknown, stepsizeController: unknown): End {
  const { problem, terms = { kind: "ODETerm", vectorField: problem.name } as const, t0 } = figure;
  const t1 = readNumber(figure.t1);
  const solve = diffeqsolve as unknown as (...all: readonly unknown[]) => End;
  return solve(makeTerms(terms, "onTensors"), solver, {
    t0,
    t1,
    dt0: t1 < t0 ? -1e-3 : 1e-3,
    y0: readTree(figure.y0, readTensor("float64")),
    args: readTree(problem.args, readTensor("float64")),
    stepsizeController,
    maxSteps: null,
    throw: false,
  });
}

function numbersOf({ ys }: End): readonly number[] {
  return leaves(ys)
    .flatMap((leaf) => (leaf as Tensor).toArray() as number[])
    .flat(3);
}

describe("by default, Kvaerno3 and its like are as accurate as they are asked to be, in no more steps, for", () => {
  // What a problem makes of local errors is a number of its own: a hundred at most here, for the oscillator of Van der Pol, and for
  // methods of order 1, whose estimates are of order 2, thousands.
  test.each(adaptive)("$id", (figure) => {
    const { solver, stepsizeController, expected } = figure;
    const end = endOf(figure, solvers[solver.name]!(), makeController(stepsizeController));
    expect(end.result).toBe("successful");
    expect(end.stats.numSteps).toBeLessThan(1.2 * expected.stats.numSteps + 10);
    const { rtol, atol } = stepsizeController.options as { rtol: number; atol: number };
    const most = solver.name === "ImplicitEuler" ? 5000 : 100;
    const tight = PIDController({ rtol: 1e-10, atol: 1e-12 });
    const exact = numbersOf(endOf(figure, figure.terms ? KenCarp5() : Kvaerno5(), tight));
    for (const [i, y] of numbersOf(end).entries()) {
      const allowed = most * (atol + rtol * Math.abs(exact[i]!));
      expect(Math.abs(y - exact[i]!)).toBeLessThan(allowed);
    }
  });
});
