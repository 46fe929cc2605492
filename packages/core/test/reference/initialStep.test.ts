import { mul, tensor } from "@diffrax-ts/array";
import { Dopri8, PIDController, traced } from "@diffrax-ts/core";
import { type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { selectInitialStep } from "@diffrax-ts/step-size-controllers";
import { describe, expect, test } from "vitest";
import { differences } from "./differences.ts";
import { type InitialStepCase, readFigures } from "./figures.ts";
import { readTensor, readTree } from "./jsonTree.ts";
import { norms } from "./namedFunctions.ts";
import { problems } from "./problems.ts";
import { solveParts } from "../support/solveParts.ts";

const { cases } = readFigures<InitialStepCase>("initial-step");

describe("selectInitialStep(start) gives the figure of", () => {
  test.each(cases)(
    "$id",
    ({ problem, t0, y0, rtol, atol, errorOrder, norm, expected, tolerance }) => {
      const leaf = readTensor("float64");
      const args = readTree(problem.args, leaf);
      const field = problems[problem.name]!.onTensors as unknown as (
        t: Scalar,
        y: Tree,
        args: unknown,
      ) => Tree;
      const start = readTree(y0, leaf) as Tree | number;
      const step: Tensor = selectInitialStep({
        func: (t, y) => field(t, y, args),
        t0: tensor(t0),
        y0: typeof start === "number" ? tensor(start) : start,
        errorOrder,
        rtol,
        atol,
        norm: norms[norm]!,
      });
      expect(differences(step, expected.dt0, tolerance, "dt0")).toEqual([]);
    },
  );
});

describe("diffeqsolve with dt0: null begins with the step of", () => {
  // The order and the tolerances are those of the case, and the solver is more accurate, so the step is kept.
  const isKept = ({ id }: InitialStepCase): boolean => id !== "zero-field-zero-state";

  test.each(cases.filter(isKept))("$id", (figure) => {
    const { problem, t0, y0, rtol, atol, errorOrder, norm, expected, tolerance } = figure;
    const leaf = readTensor("float64");
    const first = (direction: 1 | -1): number => {
      const field = problems[problem.name]!.onTensors as unknown as (
        t: Scalar,
        y: Tree,
        args: unknown,
      ) => Tree;
      const turned = (t: Scalar, y: Tree, args: unknown): Tree =>
        treeMap((f) => mul(f, direction), field(mul(t, direction) as Scalar, y, args));
      const { ts } = solveParts(traced(turned as never), Dopri8(), {
        t0: t0 * direction,
        t1: (t0 + 10) * direction,
        dt0: null,
        y0: readTree(y0, leaf),
        args: readTree(problem.args, leaf),
        stepsizeController: PIDController({ rtol, atol, errorOrder, norm: norms[norm]! }),
        saveat: { steps: true },
        maxSteps: 1,
        throw: false,
      });
      return (ts.at(0).item() - t0 * direction) * direction;
    };
    const close = { rtol: tolerance.rtol, atol: 1e-15 };
    expect([
      ...differences(first(1), expected.dt0, close, "dt0"),
      ...differences(first(-1), expected.dt0, close, "backward"),
    ]).toEqual([]);
  });
});
