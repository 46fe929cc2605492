import { tensor } from "@diffrax-ts/array";
import {
  ConstantStepSize,
  PIDController,
  type PIDControllerOptions,
  StepTo,
} from "@diffrax-ts/step-size-controllers";
import { describe, expect, test } from "vitest";

describe("PIDController(options) refuses, with the option and its value,", () => {
  const tolerances = { rtol: 1e-6, atol: 1e-9 };
  const cases: readonly { options: object; message: RegExp }[] = [
    { options: { rtol: -1, atol: 1e-9 }, message: /^PIDController: rtol must be >= 0, got -1$/u },
    {
      options: { rtol: Number.NaN, atol: 1e-9 },
      message: /^PIDController: rtol must be >= 0, got NaN$/u,
    },
    { options: { rtol: Infinity, atol: 1e-9 }, message: /rtol .*, got Infinity$/u },
    {
      options: { rtol: 1e-6, atol: -1e-9 },
      message: /^PIDController: atol must be >= 0, got -1e-9$/u,
    },
    { options: { rtol: 1e-6 }, message: /^PIDController: atol must be >= 0, got undefined$/u },
    { options: { atol: 1e-6 }, message: /^PIDController: rtol must be >= 0, got undefined$/u },
    { options: { rtol: 0, atol: 0 }, message: /rtol and atol are both 0/u },
    {
      options: { ...tolerances, pcoeff: Number.NaN },
      message: /pcoeff must be a finite number, got NaN$/u,
    },
    {
      options: { ...tolerances, icoeff: Infinity },
      message: /icoeff must be a finite number, got Infinity$/u,
    },
    {
      options: { ...tolerances, dcoeff: -Infinity },
      message: /dcoeff must be a finite number, got -Infinity$/u,
    },
    { options: { ...tolerances, dtmin: 0 }, message: /dtmin must be > 0, or null, got 0$/u },
    { options: { ...tolerances, dtmax: -1 }, message: /dtmax must be > 0, or null, got -1$/u },
    { options: { ...tolerances, safety: 0 }, message: /safety must be > 0 and <= 1, .* got 0$/u },
    {
      options: { ...tolerances, safety: 1.5 },
      message: /safety must be > 0 and <= 1, .* got 1\.5$/u,
    },
    {
      options: { ...tolerances, factormax: 0.5 },
      message: /factormax must be >= 1, .* got 0\.5$/u,
    },
    {
      options: { ...tolerances, dtmin: Infinity },
      message: /dtmin must be > 0, or null, got Inf/u,
    },
    {
      options: { ...tolerances, errorOrder: tensor(3) },
      message: /errorOrder must be > 0, or null/u,
    },
    {
      options: { ...tolerances, factormin: 2 },
      message: /factormin must be between 0 and 1, got 2$/u,
    },
    {
      options: { ...tolerances, factormax: Number.NaN },
      message: /factormax must be >= 1, .* got NaN$/u,
    },
    {
      options: { ...tolerances, errorOrder: -3 },
      message: /errorOrder must be > 0, or null, got -3$/u,
    },
    { options: { ...tolerances, rtol: "1e-6" }, message: /rtol must be >= 0, got "1e-6"$/u },
    { options: { ...tolerances, rtol: null }, message: /rtol must be >= 0, got null$/u },
    {
      options: { ...tolerances, atol: tensor([1e-6, 1e-9]) },
      message: /atol must be >= 0, got float64\[2\]$/u,
    },
    {
      options: { ...tolerances, dtmin: 1, dtmax: 0.5 },
      message: /dtmin must not be above dtmax, got dtmin = 1 and dtmax = 0.5$/u,
    },
    {
      options: { ...tolerances, norm: "max" },
      message: /norm must be a function such as rmsNorm, got "max"$/u,
    },
    {
      options: { ...tolerances, forceDtmin: "no" },
      message: /forceDtmin must be true or false, got "no"$/u,
    },
    {
      options: { ...tolerances, rTol: 1 },
      message: /there is no option rTol, only rtol, atol, norm/u,
    },
  ];

  test.each(cases)("$options", ({ options, message }) => {
    expect(() => PIDController(options as PIDControllerOptions)).toThrow(message);
  });
});

test("PIDController({ rtol, atol }) has Diffrax's defaults", () => {
  expect(PIDController({ rtol: 1e-3, atol: 1e-6 })).toMatchObject({
    pcoeff: 0,
    icoeff: 1,
    dcoeff: 0,
    dtmin: null,
    dtmax: null,
    forceDtmin: true,
    factormin: 0.2,
    factormax: 10,
    safety: 0.9,
    errorOrder: null,
    isAdaptive: true,
  });
});

describe("StepTo({ ts }) refuses", () => {
  test.each([
    { ts: [0], message: /^StepTo: ts: expected at least two times, got 1$/u },
    { ts: [], message: /^StepTo: ts: expected at least two times, got 0$/u },
    {
      ts: [0, 0.5, 0.5, 1],
      message: /^StepTo: ts: expected strictly increasing.* got 0\.5 and then 0\.5$/u,
    },
    { ts: [0, 1, 0.5], message: /got 1 and then 0\.5$/u },
    { ts: [1, 0, 0.5], message: /got 0 and then 0\.5$/u },
    { ts: [0, Number.NaN, 1], message: /got 0 and then NaN$/u },
  ])("$ts", ({ ts, message }) => {
    expect(() => StepTo({ ts })).toThrow(message);
  });

  test("StepTo({ ts }) copies its times", () => {
    const ts = Float64Array.of(0, 0.5, 1);
    for (const given of [ts, tensor(ts)]) {
      const controller = StepTo({ ts: given });
      ts[1] = 0.75;
      expect(controller.ts.toArray()).toEqual([0, 0.5, 1]);
      ts[1] = 0.5;
    }
  });

  test("a matrix", () => {
    expect(() => StepTo({ ts: tensor([[0, 1]]) })).toThrow(
      /^StepTo: ts: expected a list of numbers, got shape \[1,2\]$/u,
    );
  });
});

describe("controller.check({ t0, t1, dt0 })", () => {
  test("of ConstantStepSize() without a step names both cures", () => {
    expect(() => ConstantStepSize().check({ t0: 0, t1: 1, dt0: "auto" })).toThrow(
      /dt0 is null.*give dt0 a number, or .*PIDController\(\{ rtol/u,
    );
    expect(() => ConstantStepSize().check({ t0: 0, t1: 1, dt0: 0.1 })).not.toThrow();
    expect(() => ConstantStepSize().check({ t0: 0, t1: 1, dt0: null })).not.toThrow();
    expect(() => ConstantStepSize().check({ t0: 0, t1: -1, dt0: -1e-12 })).toThrow(
      /dt0 = -1e-12 would need more than 2³¹ steps from t0 = 0 to t1 = -1/u,
    );
  });

  test("of StepTo({ ts }) refuses a step, and ends other than those of ts", () => {
    const controller = StepTo({ ts: [0, 0.5, 1] });
    expect(() => controller.check({ t0: 0, t1: 1, dt0: 0.1 })).toThrow(
      /dt0 must be null with StepTo/u,
    );
    expect(() => controller.check({ t0: 0, t1: 0.9, dt0: "auto" })).toThrow(
      /t1 = 0\.9, got 0 and 1$/u,
    );
    expect(() => controller.check({ t0: 0.1, t1: 1, dt0: "auto" })).toThrow(/t0 = 0\.1 and/u);
    expect(() => controller.check({ t0: 0, t1: 1, dt0: "auto" })).not.toThrow();
    expect(() => controller.check({ t0: null, t1: null, dt0: "auto" })).not.toThrow();
  });

  test("of PIDController takes any step, and none", () => {
    const controller = PIDController({ rtol: 1e-3, atol: 1e-6 });
    for (const dt0 of ["auto", 0.1, null] as const) {
      expect(() => controller.check({ t0: 0, t1: 1, dt0 })).not.toThrow();
    }
  });
});
