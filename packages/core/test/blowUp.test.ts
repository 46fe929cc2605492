// A solution that runs to infinity ends, without a limit on the steps: they become too short, or the state infinite.
import {
  Bosh3,
  diffeqsolve,
  Dopri5,
  Dopri8,
  Heun,
  np,
  PIDController,
  type Scalar,
  type Tensor,
  Tsit5,
} from "@diffrax-ts/core";
import type {
  ControllerStart,
  Solver,
  StepDecision,
  StepSizeController,
  StepTried,
} from "@diffrax-ts/protocol";
import { describe, expect, test } from "vitest";

type Field = (t: number, y: number) => number;

/** From a start between 1 and 2 each has run to infinity before the time that stands beside it. */
const fields: Readonly<Record<string, readonly [Field, number]>> = {
  "y²": [(_t, y) => y * y, 2],
  "y³": [(_t, y) => y * y * y, 2],
  "1 + y²": [(_t, y) => 1 + y * y, 2],
  eʸ: [(_t, y) => Math.exp(y), 2],
  "t + y√y": [(t, y) => t + y * Math.sqrt(y), 3],
};

const solvers: Readonly<Record<string, () => Solver>> = { Heun, Bosh3, Tsit5, Dopri5, Dopri8 };

const controllers = {
  i: {},
  pi: { pcoeff: 0.4, icoeff: 0.3 },
  pid: { pcoeff: 0.3, icoeff: 0.3, dcoeff: 0.1 },
};

// All of the table takes minutes: BLOW_UP=all runs it. Otherwise every field, solver and controller comes once, and a few starts.
const isWhole = process.env["BLOW_UP"] === "all";
const starts = Array.from({ length: 40 }, (_, k) => 1 + k / 40).filter(
  (_, k) => isWhole || k % 8 === 3,
);
const rows = Object.keys(fields).flatMap((field, i) =>
  Object.keys(solvers).flatMap((solver, j) =>
    Object.keys(controllers).map((controller, k) => ({ field, solver, controller, at: i + j + k })),
  ),
);

describe.each(["float64", "float32"] as const)("a solve without a limit ends, in %s:", (dtype) => {
  test.each(rows.filter(({ at }) => isWhole || at % 5 === 0))(
    "y' = $field, $solver, $controller",
    ({ field, solver, controller }) => {
      const [f, t1] = fields[field]!;
      const stepsizeController = PIDController({
        rtol: 1e-6,
        atol: 1e-6,
        ...controllers[controller as "i"],
      });
      const results = starts.map((start) => {
        const y0 = np.tensor(start, { dtype });
        const options = { t0: 0, t1, dt0: 0.01, y0, maxSteps: null, stepsizeController };
        return diffeqsolve(f, solvers[solver]!(), { ...options, throw: false }).result;
      });
      expect(
        results.filter((result) => result !== "dtMinReached" && result !== "nonfinite"),
      ).toEqual([]);
    },
  );
});

test.each([true, false])("with a dtmin, forceDtmin: %s", (forceDtmin) => {
  const stepsizeController = PIDController({ rtol: 1e-6, atol: 1e-6, dtmin: 1e-3, forceDtmin });
  const options = { t0: 0, t1: 2, dt0: 0.01, y0: 1, maxSteps: null, stepsizeController };
  const { result } = diffeqsolve((_t, y) => y * y, Tsit5(), { ...options, throw: false });
  expect(result).toBe(forceDtmin ? "nonfinite" : "dtMinReached");
});

test("with a dtmin too short to come to the end with, it ends where the state is infinite", () => {
  const stepsizeController = PIDController({ rtol: 1e-6, atol: 1e-6, dtmin: 1e-10 });
  const options = { t0: 0, t1: 3, dt0: 0.01, y0: 1, maxSteps: null, stepsizeController };
  const { result, stats } = diffeqsolve((_t, y) => y * y, Tsit5(), { ...options, throw: false });
  expect(result).toBe("nonfinite");
  expect(stats.numSteps).toBeLessThan(1000); // to the end it would be 2·10¹⁰
});

test("a state that is zero and has no tolerance is not taken for an infinite one", () => {
  const stepsizeController = PIDController({ rtol: 1e-6, atol: 0, dtmin: 0.1 });
  const options = { t0: 0, t1: 1, dt0: 0.1, y0: 0, stepsizeController };
  const { result, ys } = diffeqsolve((_t, y) => -y, Tsit5(), { ...options, throw: false });
  expect([result, ys.at(0).item()]).toEqual(["successful", 0]);
});

test.each([
  ["tries the same step again", (t1: Scalar) => t1],
  ["tries a longer one", (t1: Scalar) => np.add(t1, 0.001) as Scalar],
])("with a controller that rejects every step and %s", (_, next) => {
  const adaptStepSize = ({ t0, t1, controllerState }: StepTried<null>): StepDecision<null> => ({
    keepStep: np.less(t1, 0),
    t0,
    t1: next(t1),
    madeJump: false,
    controllerState,
    result: null,
  });
  for (const isAdaptive of [true, false]) {
    const stepsizeController = {
      ...PIDController({ rtol: 1e-6, atol: 1e-6 }),
      isAdaptive,
      adaptStepSize,
    } as unknown as StepSizeController;
    const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1, maxSteps: null, stepsizeController };
    const { result, stats } = diffeqsolve((_t, y) => -y, Tsit5(), { ...options, throw: false });
    expect([result, stats.numSteps]).toEqual(["dtMinReached", 1]);
  }
});

describe("with a controller of somebody else's", () => {
  const solve = (decide: (step: StepTried<null>) => object, isAdaptive: boolean) => {
    const stepsizeController = {
      ...PIDController({ rtol: 1e-6, atol: 1e-6 }),
      init: ({ t0, dt0 }: ControllerStart) => ({ t1: np.add(t0, dt0!), controllerState: null }),
      adaptStepSize: (step: StepTried<null>) => ({
        keepStep: true,
        madeJump: false,
        controllerState: null,
        result: null,
        ...decide(step),
      }),
      isAdaptive,
    } as unknown as StepSizeController;
    const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1, maxSteps: null, stepsizeController };
    const { result, stats } = diffeqsolve((_t, y) => -y, Tsit5(), { ...options, throw: false });
    return [result, stats.numSteps];
  };
  const kept = (t1: Scalar): Tensor => np.greater(t1, -1);
  const nan = (t: Scalar): Tensor => np.sqrt(np.sub(-1, t));

  test.each([
    [
      "keeps every step, of which none leads anywhere",
      ({ t0, t1 }: StepTried<null>) => ({ t0, t1 }),
    ],
    [
      "does so, and says it of each",
      ({ t0, t1 }: StepTried<null>) => ({ t0, t1, keepStep: kept(t1) }),
    ],
    [
      "rejects every step, and has no number for the next",
      ({ t0, t1 }: StepTried<null>) => ({ t0, t1: nan(t1), keepStep: np.logicalNot(kept(t1)) }),
    ],
  ])("that %s, a solve ends", (_, decide) => {
    expect(solve(decide, true)).toEqual(["dtMinReached", 1]);
    expect(solve(decide, false)).toEqual(["dtMinReached", 1]);
  });

  test("that keeps a step and has no number for the next, a solve ends", () => {
    const decide = ({ t1 }: StepTried<null>): object => ({ t0: t1, t1: nan(t1) });
    expect(solve(decide, true)).toEqual(["dtMinReached", 1]);
    expect(solve(decide, false)).toEqual(["nonfinite", 2]);
  });
});
