import { tensor } from "@diffrax-ts/array";
import { checkTraces, jit } from "@diffrax-ts/autodiff";
import {
  type ControllerStart,
  resultCode,
  type StepSizeController,
  type Term,
  type Tree,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import {
  ConstantStepSize,
  PIDController,
  type PIDControllerOptions,
  StepTo,
} from "@diffrax-ts/step-size-controllers";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";

// Traces are counted here.
beforeEach(() => checkTraces("never"));

const scalar = (x: number): Scalar => tensor(x);

function startFrom(t0: number, t1: number, dt0: number | null): ControllerStart {
  return {
    terms: null as unknown as Term,
    t0: scalar(t0),
    t1: scalar(t1),
    y0: tensor([1, 2]),
    dt0: dt0 === null ? null : scalar(dt0),
    args: null,
    func: (_t, y) => y,
    errorOrder: 2,
  };
}

interface Tried {
  readonly t0: number;
  readonly t1: number;
  readonly error: readonly number[];
  readonly state: Tree;
}

/** What becomes of a step of which the state stays `[1, 2]`. */
function decide(controller: StepSizeController, { t0, t1, error, state }: Tried) {
  const { keepStep, result, ...rest } = controller.adaptStepSize({
    t0: scalar(t0),
    t1: scalar(t1),
    y0: tensor([1, 2]),
    y1Candidate: tensor([1, 2]),
    args: null,
    yError: tensor([...error]),
    errorOrder: 2,
    controllerState: state,
  });
  return {
    keep: keepStep === true || keepStep.item() === 1,
    t0: rest.t0.item(),
    t1: rest.t1.item(),
    state: rest.controllerState,
    result: result === null ? null : result.item(),
  };
}

describe("PIDController: the next step", () => {
  // With atol = 1 and rtol = 0 the scaled error is the root mean square of the error.
  const pid = (options: Partial<PIDControllerOptions> = {}): StepSizeController =>
    PIDController({ rtol: 0, atol: 1, ...options });
  const begin = (controller: StepSizeController): Tree =>
    controller.init(startFrom(0, 10, 0.5)).controllerState;

  test("is safety · error^(-1 / order) times this one", () => {
    const controller = pid();
    const { keep, t0, t1 } = decide(controller, {
      t0: 1,
      t1: 1.5,
      error: [0.25, 0.25],
      state: begin(controller),
    });
    expect([keep, t0]).toEqual([true, 1.5]);
    expect(t1).toBeCloseTo(1.5 + 0.5 * 0.9 * 2, 14);
  });

  test("begins where this one began if the error is not below the tolerance", () => {
    const controller = pid();
    const { keep, t0, t1 } = decide(controller, {
      t0: 1,
      t1: 1.5,
      error: [4, 4],
      state: begin(controller),
    });
    expect([keep, t0]).toEqual([false, 1]);
    expect(t1).toBeCloseTo(1 + 0.5 * 0.9 * 0.5, 14);
  });

  test("grows by factormax at most, and not at all after a step that was refused", () => {
    const controller = pid({ factormax: 3 });
    expect(
      decide(controller, { t0: 1, t1: 1.5, error: [0, 0], state: begin(controller) }).t1,
    ).toBeCloseTo(3, 14);
    // An error of 1 is the smallest that is refused: 0.9 times the step, no more.
    expect(
      decide(controller, { t0: 1, t1: 1.5, error: [1, 1], state: begin(controller) }).t1,
    ).toBeCloseTo(1.45, 14);
  });

  test("shrinks to factormin at least, but never after a step that was kept", () => {
    const controller = pid({ factormin: 0.3 });
    expect(
      decide(controller, { t0: 1, t1: 1.5, error: [1e9, 1e9], state: begin(controller) }).t1,
    ).toBeCloseTo(1.15, 14);
    // 0.9 · 0.99^(-1/2) < 1
    expect(
      decide(controller, { t0: 1, t1: 1.5, error: [0.99, 0.99], state: begin(controller) }).t1,
    ).toBeCloseTo(2, 14);
  });

  test("follows the errors of the steps before as far as pcoeff and dcoeff say", () => {
    const controller = pid({
      icoeff: 0.3,
      pcoeff: 0.4,
      dcoeff: 0.1,
      safety: 1,
      factormax: 1e9,
      factormin: 1e-9,
    });
    const errors = [0.1, 0.3, 0.2];
    let state = begin(controller);
    let factor = 0;
    for (const error of errors) {
      const decided = decide(controller, { t0: 0, t1: 1, error: [error, error], state });
      expect(decided.keep).toBe(true);
      state = decided.state;
      factor = decided.t1 - 1;
    }
    // δ = 1 / error, order 2; a step that was kept does not shrink.
    const wanted = 0.2 ** (-0.8 / 2) * 0.3 ** (0.6 / 2) * 0.1 ** (-0.1 / 2);
    expect(factor).toBeCloseTo(Math.max(1, wanted), 13);
    expect(wanted).toBeGreaterThan(1);
  });

  test("has no share of an error without bounds where a coefficient is zero, as a tensor too", () => {
    for (const zero of [0, scalar(0)]) {
      const controller = pid({ icoeff: zero, safety: 0.9 });
      const next = (error: number): number =>
        decide(controller, { t0: 1, t1: 2, error: [error, error], state: begin(controller) }).t1;
      expect(next(Infinity)).toBe(1.9);
      expect(next(NaN)).toBe(1.9);
      expect(next(0)).toBe(3);
    }
  });

  test("forgets nothing and learns nothing from a step that was refused", () => {
    const controller = pid({ pcoeff: 0.4 });
    const { state } = decide(controller, {
      t0: 0,
      t1: 1,
      error: [0.3, 0.3],
      state: begin(controller),
    });
    const refused = decide(controller, { t0: 1, t1: 2, error: [5, 5], state });
    expect((refused.state as { last: Tensor }).last.item()).toBe(
      (state as { last: Tensor }).last.item(),
    );
  });

  test("lies between dtmin and dtmax", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -12, max: 12, noNaN: true }),
        fc.double({ min: 0.05, max: 3, noNaN: true }),
        (power, dt) => {
          const controller = pid({ dtmin: 0.1, dtmax: 2 });
          const { t0, t1 } = decide(controller, {
            t0: 0,
            t1: dt,
            error: [10 ** power, 0],
            state: begin(controller),
          });
          expect(t1 - t0).toBeGreaterThanOrEqual(0.1 - 1e-15);
          expect(t1 - t0).toBeLessThanOrEqual(2 + 1e-15);
        },
      ),
    );
  });

  test("is kept at dtmin whatever its error, with forceDtmin", () => {
    const controller = pid({ dtmin: 0.1 });
    const small = decide(controller, {
      t0: 0,
      t1: 0.11,
      error: [100, 100],
      state: begin(controller),
    });
    const fine = resultCode("successful");
    expect([small.keep, small.t1, small.result]).toEqual([false, 0.1, fine]);
    expect(decide(controller, { t0: 0, t1: 0.1, error: [100, 100], state: small.state }).keep).toBe(
      true,
    );
  });

  test("of less than dtmin ends the solve without forceDtmin", () => {
    const controller = pid({ dtmin: 0.1, forceDtmin: false });
    const state = begin(controller);
    expect(decide(controller, { t0: 0, t1: 0.11, error: [100, 100], state }).result).toBe(
      resultCode("dtMinReached"),
    );
    expect(decide(controller, { t0: 0, t1: 1, error: [2, 2], state }).result).toBe(
      resultCode("successful"),
    );
  });

  test("is finite after an error that is not", () => {
    const controller = pid({ pcoeff: 0.2, dcoeff: 0.1 });
    for (const error of [0, Infinity, Number.NaN]) {
      const { keep, t0, t1, state } = decide(controller, {
        t0: 1,
        t1: 1.5,
        error: [error, error],
        state: begin(controller),
      });
      expect(keep).toBe(error === 0);
      expect(Number.isFinite(t1 - t0)).toBe(true);
      expect(Number.isFinite((state as { last: Tensor }).last.item())).toBe(true);
    }
  });

  test("goes by the norm that was given", () => {
    const first = pid({ norm: (tree) => (tree as Tensor).at(0) as Scalar });
    const { t1 } = decide(first, { t0: 0, t1: 1, error: [0.25, 1e6], state: begin(first) });
    expect(t1).toBeCloseTo(1 + 1.8, 14);
  });

  test("can be reached with tolerances that are tensors, in one trace", () => {
    let traces = 0;
    const next = jit((rtol: Scalar) => {
      traces++;
      const controller = PIDController({ rtol, atol: 1 });
      const { controllerState } = controller.init({ ...startFrom(0, 10, 0.5), t0: scalar(0) });
      return controller.adaptStepSize({
        t0: scalar(0),
        t1: scalar(1),
        y0: tensor([1, 1]),
        y1Candidate: tensor([1, 1]),
        args: null,
        yError: tensor([0.5, 0.5]),
        errorOrder: 2,
        controllerState,
      }).t1;
    });
    expect((next(1) as Tensor).item()).toBeCloseTo(1 + 0.9 * 2, 14);
    expect((next(7) as Tensor).item()).toBeCloseTo(1 + 0.9 * 4, 14);
    expect(traces).toBe(1);
  });

  test("needs the order of the error", () => {
    const controller = pid();
    expect(() => controller.init({ ...startFrom(0, 1, 0.1), errorOrder: null })).toThrow(
      /pass errorOrder/u,
    );
  });
});

/** The ends of the steps that a controller without feedback makes. */
function ends(controller: StepSizeController, start: ControllerStart, numSteps: number): number[] {
  let { t1, controllerState } = controller.init(start);
  const times = [t1.item()];
  let t0 = start.t0;
  for (let i = 1; i < numSteps; i++) {
    const next = controller.adaptStepSize({
      t0,
      t1,
      y0: null,
      y1Candidate: null,
      args: null,
      yError: null,
      errorOrder: null,
      controllerState,
    });
    expect(next.keepStep).toBe(true);
    ({ t0, t1, controllerState } = next);
    times.push(t1.item());
  }
  return times;
}

test("ConstantStepSize() ends step n of N at t0 + (t1 - t0) n / N, and the last one at t1 to the last bit", () => {
  const controller = ConstantStepSize() as unknown as StepSizeController;
  fc.assert(
    fc.property(
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.double({ min: 0.1, max: 10, noNaN: true }),
      fc.integer({ min: 1, max: 40 }),
      (t0, length, count) => {
        const t1 = t0 + length;
        // A little more than what makes a whole number of steps.
        const times = ends(controller, startFrom(t0, t1, ((t1 - t0) / count) * (1 + 1e-9)), count);
        expect(times.at(-1)).toBe(count === 1 ? times[0] : t1);
        for (const [n, t] of times.entries())
          expect(Math.abs(t - (t0 + ((t1 - t0) * (n + 1)) / count))).toBeLessThan(1e-7);
      },
    ),
  );
});

test("StepTo({ ts }) ends its steps at ts, backward too", () => {
  const controller = StepTo({ ts: [0, 0.1, 0.5, 2] }) as unknown as StepSizeController;
  expect(ends(controller, startFrom(0, 2, null), 3)).toEqual([0.1, 0.5, 2]);
  const backward = (StepTo({ ts: [2, 0.5, 0.1, 0] }) as unknown as StepSizeController).wrap(-1);
  expect(ends(backward, startFrom(-2, -0, null), 3).map((t) => -t)).toEqual([0.5, 0.1, 0]);
});

test("StepTo({ ts }) with times that are known only when it runs refuses those that do not lead from t0 to t1", () => {
  const firstStep = jit(
    (ts: Tensor) => StepTo({ ts }).init({ ...startFrom(0, 2, null), errorOrder: null }).t1,
  );
  expect(firstStep(Float64Array.of(0, 0.5, 2)).item()).toBe(0.5);
  for (const ts of [
    [0, 0.5, 0.5, 2],
    [0, 1.5, 0.5, 2],
    [0, 0.5, 1.9],
    [0.1, 0.5, 2],
    [0, NaN, 2],
  ])
    expect(() => firstStep(Float64Array.from(ts))).toThrow(
      "StepTo: ts: expected to lead from t0 to t1, strictly increasing",
    );
});

test("StepTo({ ts }) steps to times in the dtype of the solve", () => {
  const start = { ...startFrom(0, 1, null), t0: tensor(0, { dtype: "float32" }) };
  const end = tensor(1, { dtype: "float32" });
  const { t1 } = StepTo({ ts: [0, 0.1, 1] }).init({ ...start, t1: end });
  expect([t1.dtype, t1.item()]).toEqual(["float32", Math.fround(0.1)]);
});

test("StepTo({ ts }) goes on from wherever another solve has ended", () => {
  const from = (t1: number): number =>
    StepTo({ ts: [1, 1.5, 4] })
      .adaptStepSize({
        t0: scalar(0),
        t1: scalar(t1),
        y0: null,
        y1Candidate: null,
        args: null,
        yError: null,
        errorOrder: null,
        controllerState: null,
      })
      .t1.item();
  expect([1, 1.5, 4].map(from)).toEqual([1.5, 4, 4]);
});

test("ConstantStepSize() counts fewer than 2³¹ steps, in float32 too", () => {
  const controller = ConstantStepSize() as unknown as StepSizeController;
  const start = (length: number, dtype: "float32" | "float64"): ControllerStart => ({
    ...startFrom(0, 0, null),
    t0: tensor(0, { dtype }),
    t1: tensor(length, { dtype }),
    dt0: tensor(1, { dtype }),
  });
  const counted = (length: number, dtype: "float32" | "float64"): number => {
    const { numSteps } = controller.init(start(length, dtype)).controllerState as {
      readonly numSteps: Scalar;
    };
    return numSteps.item();
  };
  expect(counted(2 ** 31 - 128, "float32")).toBe(2 ** 31 - 384);
  expect(counted(2 ** 31 - 1, "float64")).toBe(2 ** 31 - 1);
  // A step is the next float above 1: of 2³¹ it makes 256 less in float32, and none in float64.
  expect(() => counted(2 ** 31 + 4, "float64")).toThrow("more than 2³¹ steps");
  expect(() => counted(2 ** 31 + 256, "float32")).toThrow("more than 2³¹ steps");
});

test("ConstantStepSize() that goes on does not count past the last int32", () => {
  for (const dtype of ["float32", "float64"] as const) {
    const at = (x: number): Scalar => tensor(x, { dtype });
    const state = {
      stepsCompleted: tensor(11, { dtype: "int32" }),
      numSteps: tensor(10, { dtype: "int32" }),
      t0: at(0),
      t1: at(1),
      span: at(1),
    };
    const start = { ...startFrom(0, 0, null), t0: at(1), t1: at(2), dt0: at(1e12) };
    const resumed = ConstantStepSize().resume!(state, start);
    expect(resumed.controllerState.stepsCompleted.item()).toBe(2 ** 31 - 2);
  }
});
