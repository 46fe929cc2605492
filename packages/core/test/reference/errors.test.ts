import {
  ALIGN,
  backwardHermiteCoefficients,
  BacksolveAdjoint,
  ClipStepSizeController,
  ConstantStepSize,
  ControlTerm,
  CubicInterpolation,
  Euler,
  Event,
  ForwardMode,
  grad,
  Heun,
  ImplicitAdjoint,
  ImplicitEuler,
  ItoMilstein,
  jvp,
  KenCarp3,
  Kvaerno3,
  Kvaerno5,
  LinearInterpolation,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  SaveAt,
  SemiImplicitEuler,
  SRA1,
  steadyStateEvent,
  StepTo,
  traced,
  Tsit5,
  UnderdampedLangevinDiffusionTerm,
  UnderdampedLangevinDriftTerm,
  UnsafeBrownianPath,
  VeryChord,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import type { Path } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test, vi } from "vitest";
import { type ErrorCase, readFigures } from "./figures.ts";
import { solveParts } from "../support/solveParts.ts";

interface Outcome {
  readonly result: string;
  readonly ts: unknown;
  readonly ys: unknown;
  evaluate(t: number): unknown;
}

const decay = traced((_t: Scalar, y: Tensor): Tensor => np.neg(y));
const pid = PIDController({ rtol: 1e-6, atol: 1e-9 });
const rootFinder = VeryChord({ rtol: 1e-6, atol: 1e-9 });
const implicitEuler = ImplicitEuler({ rootFinder, diffrax072: true });

/** `y' = -y` from 1 over [0, 1] with steps of 0.1, with other options where they are given. */
function solve(
  options: Readonly<Record<string, unknown>>,
  terms: unknown = decay,
  solver: unknown = Tsit5(),
): Outcome {
  return solveParts(terms, solver, { t0: 0, t1: 1, dt0: 0.1, y0: 1, ...options });
}

const key = np.tensor([0, 0], { dtype: "uint32" });

const tree = (more: object = {}) =>
  VirtualBrownianTree({ t0: 0, t1: 1, tol: 1e-3, shape: [], key, ...more });

/** `dy = -y dt + 0.1 dW`. */
function noisy(path: Path = UnsafeBrownianPath({ shape: [], key })): unknown {
  return MultiTerm(
    ODETerm(decay as never),
    ControlTerm(traced(() => np.tensor(0.1)) as never, path),
  );
}

const endOf = ({ ys }: Outcome): Scalar => (ys as Tensor).at(0) as Scalar;

/** What is refused here too, and what the error has to say. */
const refused: Readonly<Record<string, { readonly run: () => unknown; readonly says: RegExp }>> = {
  "linear-interpolation-length": {
    run: () => LinearInterpolation([0, 1, 2], Float64Array.of(1, 2)),
    says: /^LinearInterpolation: ys: expected 3 rows for the 3 times in ts, got float64\[2\]$/u,
  },
  "cubic-interpolation-length": {
    run: () => {
      const coeffs = backwardHermiteCoefficients([0, 1, 2], [1, 2, 3]);
      return CubicInterpolation([0, 1], coeffs);
    },
    says: /^CubicInterpolation: coeffs\.d: expected 1 rows for the 2 times in ts, got float64\[2\]$/u,
  },
  "hermite-ts-not-increasing": {
    run: () => backwardHermiteCoefficients([0, 1, 1], [1, 2, 3]),
    says: /^backwardHermiteCoefficients: ts must increase, got 1 and then 1 at index 2$/u,
  },
  "hermite-ts-short": {
    run: () => backwardHermiteCoefficients([0], [1]),
    says: /^backwardHermiteCoefficients: ts must be two times at least, got 1$/u,
  },
  "hermite-ts-2d": {
    run: () => backwardHermiteCoefficients(np.zeros([2, 2]), [1, 2]),
    says: /^backwardHermiteCoefficients: ts must be a vector of times, got float64\[2,2\]$/u,
  },
  "dt0-wrong-sign": {
    run: () => solve({ dt0: -0.1 }),
    says: /dt0 must be positive .* t0 = 0 to t1 = 1, got -0\.1/u,
  },
  "dt0-wrong-sign-backward": {
    run: () => solve({ t0: 1, t1: 0, dt0: 0.1 }),
    says: /dt0 must be negative .* t0 = 1 to t1 = 0, got 0\.1/u,
  },
  "implicit-constant-no-tols": {
    run: () => solve({}, decay, Kvaerno5()),
    says: /Kvaerno5 has to know how accurately .* PIDController\(.* rootFinder: VeryChord\(/u,
  },
  "terms-multiterm-expected": {
    run: () => solve({ stepsizeController: pid }, ODETerm(decay as never), KenCarp3()),
    says: /KenCarp3 takes a sum of 2 terms .* got one of the kind ODETerm; write MultiTerm\(/u,
  },
  "terms-tuple-expected": {
    run: () => solve({}, ODETerm(decay as never), SemiImplicitEuler()),
    says: /SemiImplicitEuler takes .*velocity.*force.* got one of the kind ODETerm/u,
  },
  "backsolve-multi-term": {
    run: () =>
      solve(
        { y0: [1, 0], adjoint: BacksolveAdjoint() },
        [traced((_t: Scalar, p: Tensor) => p), decay],
        SemiImplicitEuler(),
      ),
    says: /BacksolveAdjoint\(\) cannot be used with a solver that takes several terms/u,
  },
  "control-shape-mismatch": {
    run: () => {
      const path = UnsafeBrownianPath({ shape: [2], key });
      const noise = ControlTerm(traced(() => np.tensor([0.1, 0.2])) as never, path);
      return solve({ y0: np.tensor([1, 2]) }, MultiTerm(ODETerm(decay as never), noise), Euler());
    },
    says: /expected float64\[2,2\], 2 rows, one for each component of y0, and 2 columns, .* got float64\[2\]/u,
  },
  "unsafe-adaptive": {
    run: () => solve({ stepsizeController: pid }, noisy(), Heun()),
    says: /adaptive steps cannot be taken with an UnsafeBrownianPath.*VirtualBrownianTree/u,
  },
  "sde-adaptive-euler": {
    run: () => solve({ stepsizeController: pid }, noisy(tree()), Euler()),
    says: /adaptive steps with Euler\(\) may converge to something else/u,
  },
  "unsafe-backsolve": {
    run: () => solve({ adjoint: BacksolveAdjoint() }, noisy(), Heun()),
    says: /BacksolveAdjoint\(\) cannot be used with UnsafeBrownianPath, which cannot go back/u,
  },
  "backsolve-ito": {
    run: () => solve({ adjoint: BacksolveAdjoint() }, noisy(tree()), Euler()),
    says: /BacksolveAdjoint\(\) cannot be used with Euler\(\) on a stochastic equation/u,
  },
  "grad-wrt-vbt-time": {
    run: () => grad((t1: Scalar) => endOf(solve({ t1 }, noisy(tree()), Heun())))(0.5),
    says: /VirtualBrownianTree: a Brownian motion has no derivative with respect to time/u,
  },
  "terms-missing-levy-area": {
    run: () => solve({}, noisy(tree()), SRA1()),
    says: /SRA1 needs a Brownian motion with levyArea: "SpaceTimeLevyArea" at least, got VirtualBrownianTree with "BrownianIncrement"/u,
  },
  "sra1-non-additive": {
    run: () => {
      const path = tree({ levyArea: "SpaceTimeLevyArea" });
      const diffusion = traced((_t: Scalar, y: Tensor) => np.mul(y, 0.1));
      return solve({}, { drift: decay, diffusion, control: path }, SRA1());
    },
    says: /SRA1 is made for additive noise, and the diffusion changes with y/u,
  },
  "milstein-as-ode": {
    run: () =>
      solve({}, MultiTerm(ODETerm(decay as never), ODETerm(decay as never)), ItoMilstein()),
    says: /ItoMilstein needs the BrownianIncrement of a Brownian motion, and no term has one/u,
  },
  "uld-mismatched-gamma": {
    run: () => {
      const bm = tree({ levyArea: "SpaceTimeTimeLevyArea" });
      const gradF = traced((x: Tensor) => x);
      const drift = UnderdampedLangevinDriftTerm({ gamma: 1, u: 1, gradF });
      const diffusion = UnderdampedLangevinDiffusionTerm({ gamma: 2, u: 1, bm });
      return solve({ y0: [1, 0] }, MultiTerm(drift, diffusion), ALIGN());
    },
    says: /gamma/u,
  },
  "vbt-bad-interval": {
    run: () => VirtualBrownianTree({ t0: 1, t1: 0, tol: 1e-3, shape: [], key }),
    says: /t0 must be less than t1, got 1 and 0/u,
  },
  "vbt-bad-interval-arrays": {
    run: () =>
      VirtualBrownianTree({
        t0: np.tensor(1),
        t1: np.tensor(0),
        tol: 1e-3,
        shape: [],
        key,
      }),
    says: /t0 must be less than t1, got 1 and 0/u,
  },
  "vbt-out-of-range": {
    run: () => VirtualBrownianTree({ t0: 0, t1: 1, tol: 1e-3, shape: [], key }).evaluate(1.5),
    says: /t = 1\.5 is outside of the range of the path, \[0, 1\]/u,
  },
  "vbt-int-dtype": {
    run: () => {
      const shape = { shape: [], dtype: "int32" } as never;
      return VirtualBrownianTree({ t0: 0, t1: 1, tol: 1e-3, shape, key });
    },
    says: /of float64 or float32, got int32/u,
  },
  "root-finder-diverges": {
    run: () =>
      solve(
        { t1: 2, dt0: 0.5 },
        traced((_t: Scalar, y: Tensor) => np.mul(y, y)),
        implicitEuler,
      ),
    says: /The nonlinear solve diverged\. .* came to t = /u,
  },
  "backsolve-dense": {
    run: () => solve({ saveat: { dense: true }, adjoint: BacksolveAdjoint() }),
    says: /BacksolveAdjoint\(\) cannot be used with saveat\.dense/u,
  },
  "backsolve-steps": {
    run: () => solve({ saveat: { steps: true }, adjoint: BacksolveAdjoint() }),
    says: /BacksolveAdjoint\(\) cannot be used with saveat\.steps/u,
  },
  "backsolve-fn": {
    run: () => solve({ saveat: { t1: true, fn: decay }, adjoint: BacksolveAdjoint() }),
    says: /BacksolveAdjoint\(\) cannot be used with saveat\.fn/u,
  },
  "backsolve-subs": {
    run: () => solve({ saveat: { subs: [{ t1: true }] }, adjoint: BacksolveAdjoint() }),
    says: /BacksolveAdjoint\(\) cannot be used with saveat\.subs/u,
  },
  "backsolve-bad-kwarg": {
    run: () => BacksolveAdjoint({ tolerance: 1 } as never),
    says: /there is no option tolerance/u,
  },
  "backsolve-closure-grad": {
    run: () =>
      grad((rate: Scalar) => {
        const field = traced((_t: Scalar, y: Tensor): Tensor => np.mul(rate, y));
        return endOf(solve({ adjoint: BacksolveAdjoint() }, field));
      })(1),
    says: /from outside is being differentiated.*ODETerm\(vf, params\)/u,
  },
  "implicit-adjoint-ts": {
    run: () => solve({ saveat: { ts: [0.5] }, adjoint: ImplicitAdjoint() }),
    says: /ImplicitAdjoint\(\) .*needs saveat: \{ t1: true \}/u,
  },
  "forward-mode-grad": {
    run: () => grad((y0: Scalar) => endOf(solve({ y0, adjoint: ForwardMode() })))(1),
    says: /ForwardMode\(\) cannot be differentiated backwards/u,
  },
  "dt0-zero": { run: () => solve({ dt0: 0, maxSteps: 16 }), says: /dt0 must not be 0; dt0: null/u },
  "ts-not-sorted": {
    run: () => solve({ saveat: { ts: [0.1, 0.8, 0.5] } }),
    says: /saveat\.ts must be increasing.*0\.5/u,
  },
  "ts-wrong-direction": {
    run: () => solve({ saveat: { ts: [0.9, 0.1] } }),
    says: /saveat\.ts must be increasing.*0\.1/u,
  },
  "ts-outside": {
    run: () => solve({ saveat: { ts: [0.5, 1.5] } }),
    says: /saveat\.ts must lie between t0 = 0 and t1 = 1, got .*1\.5/u,
  },
  "saveat-empty-sub": {
    run: () => SaveAt({ subs: [{}] }),
    says: /saveat\.subs\[0\]: nothing would be saved/u,
  },
  "saveat-subs-and-ts": {
    run: () => SaveAt({ subs: { t1: true }, t1: true }),
    says: /subs stands instead of t0, t1, ts, steps/u,
  },
  "max-steps-throw": {
    run: () => solve({ maxSteps: 4 }),
    says: /maximum number of .*steps.*maxSteps/u,
  },
  "constant-dt0-none": {
    run: () => solve({ dt0: null, stepsizeController: ConstantStepSize() }),
    says: /dt0 is null.*give dt0 a number.*PIDController/u,
  },
  "stepto-dt0-given": {
    run: () => solve({ stepsizeController: StepTo({ ts: [0, 0.5, 1] }) }),
    says: /dt0 must be null with StepTo/u,
  },
  "stepto-wrong-ends": {
    run: () => solve({ dt0: null, stepsizeController: StepTo({ ts: [0, 0.5, 0.9] }) }),
    says: /StepTo: ts: .*t1 = 1, got 0 and 0\.9/u,
  },
  "stepto-not-increasing": {
    run: () => StepTo({ ts: [0, 0.5, 0.5, 1] }),
    says: /StepTo: ts: expected strictly increasing/u,
  },
  "stepto-too-short": {
    run: () => StepTo({ ts: [0] }),
    says: /StepTo: ts: expected at least two times, got 1/u,
  },
  "stepto-not-1d": {
    run: () => StepTo({ ts: np.tensor([[0, 1]]) }),
    says: /StepTo: ts: expected a list of numbers, got shape \[1,2\]/u,
  },
  "adaptive-no-error-estimate": {
    run: () => solve({ stepsizeController: pid }, decay, Euler()),
    says: /no error estimates.*HalfSolver/u,
  },
  // A bare function is a term here; other things are not.
  "terms-not-a-term": {
    run: () => solve({}, { vf: decay }),
    says: /terms must be a vector field .*ODETerm\(f\)/u,
  },
  "complex-time": { run: () => solve({ t1: { re: 1, im: 0 } }), says: /t1 must be a number/u },
  "complex-time-dt0-none": {
    run: () => solve({ t1: { re: 1, im: 0 }, dt0: null, stepsizeController: pid }),
    says: /t1 must be a number/u,
  },
  "bool-time": {
    run: () => solve({ t0: false, t1: true, dt0: null, stepsizeController: pid }),
    says: /t0 must be a number, got .*false/u,
  },
  "vf-structure-mismatch": {
    run: () =>
      solve(
        { y0: np.tensor([1, 2]) },
        traced((_t: Scalar, y: Tensor) => ({ a: y, b: y })),
      ),
    says: /vector field: result: expected .*, got an object/u,
  },
  "vf-shape-mismatch": {
    run: () =>
      solve(
        { y0: np.tensor([1, 2]) },
        traced(() => np.tensor([1, 2, 3])),
      ),
    says: /vector field: result: expected float64\[2\] as in y0, got float64\[3\]/u,
  },
  "no-dense-evaluate": { run: () => solve({}).evaluate(0.5), says: /saveat: \{ dense: true \}/u },
  "dt-min-reached": {
    run: () =>
      solve(
        {
          dt0: 0.5,
          stepsizeController: PIDController({
            rtol: 1e-6,
            atol: 1e-9,
            dtmin: 0.5,
            forceDtmin: false,
          }),
        },
        traced((t: Scalar) => np.mul(np.cos(np.mul(t, 100)), 100)),
      ),
    says: /minimum step size was reached/u,
  },
  "clip-of-constant": {
    run: () => ClipStepSizeController({ controller: ConstantStepSize() }),
    says: /controller must be adaptive, .* got ConstantStepSize; .*StepTo/u,
  },
  "clip-store-rejected-zero": {
    run: () => ClipStepSizeController({ controller: pid, storeRejectedSteps: 0 }),
    says: /storeRejectedSteps must be a whole number above 0, or null .*got 0/u,
  },
  "clip-int-jump-ts": {
    run: () =>
      ClipStepSizeController({ controller: pid, jumpTs: np.tensor([1, 2], { dtype: "int32" }) }),
    says: /jumpTs: expected floating-point numbers, got int32/u,
  },
  "store-rejected-overflow": {
    run: () =>
      solve(
        {
          dt0: 1,
          stepsizeController: ClipStepSizeController({ controller: pid, storeRejectedSteps: 1 }),
        },
        traced((t: Scalar) => np.mul(np.cos(np.mul(t, 100)), 100)),
      ),
    says: /rejected in a row than storeRejectedSteps has room for/u,
  },
  "event-non-scalar": {
    run: () =>
      solve({ event: Event({ condFn: traced((_t: Scalar, y: Tensor) => np.stack([y, y])) }) }),
    says: /Event: condFn must return a scalar, got shape \[2\]; .* count: 2/u,
  },
  "event-tree": {
    run: () => solve({ event: Event({ condFn: traced((_t: Scalar, y: Tensor) => [y, y]) }) }),
    says: /Event: condFn must return a truth value or a number, got an array/u,
  },
  "event-int": {
    run: () => solve({ event: Event({ condFn: traced((t: Scalar) => np.astype(t, "int32")) }) }),
    says: /Event: condFn must return a truth value or a floating-point number, got int32/u,
  },
  "event-direction-structure": {
    run: () => Event({ condFn: [decay, decay] as never, direction: [true] }),
    says: /Event: direction must be true, false or null, or have the structure of condFn/u,
  },
  "event-direction-value": {
    run: () => Event({ condFn: decay, direction: 2 as never }),
    says: /Event: direction must be true for crossings upwards, .* got 2/u,
  },
  "steady-state-no-tols": {
    run: () => solve({ event: Event({ condFn: steadyStateEvent() }) }),
    says: /steadyStateEvent: rtol, atol and norm .* ConstantStepSize has none.*PIDController/u,
  },
  "backsolve-event": {
    run: () => solve({ event: Event({ condFn: decay }), adjoint: BacksolveAdjoint() }),
    says: /BacksolveAdjoint\(\) cannot be used with an event/u,
  },
  "pid-order-unknown": {
    run: () => solve({ stepsizeController: pid }, decay, { ...Tsit5(), errorOrder: () => null }),
    says: /PIDController: .*pass errorOrder/u,
  },
  // Diffrax takes these, and wraps the controller without a word.
  "pid-jump-ts-compat": {
    run: () => PIDController({ rtol: 1e-6, atol: 1e-9, jumpTs: [0.5] } as never),
    says: /ClipStepSizeController\(\{ controller: PIDController\(\{ rtol, atol \}\), jumpTs: /u,
  },
  // Diffrax broadcasts.
  "vf-broadcast": {
    run: () =>
      solve(
        { y0: np.tensor([1, 2]) },
        traced((_t: Scalar, y: Tensor) => np.neg(y.at(0))),
      ),
    says: /vector field: result: expected float64\[2\] as in y0, got float64$/u,
  },
};

/** What is accepted here, and how it has to end. */
const accepted: Readonly<Record<string, { readonly run: () => Outcome; readonly result: string }>> =
  {
    // With a warning, as in Diffrax.
    "tsit5-sde-warning": { run: () => solve({}, noisy(tree()), Tsit5()), result: "successful" },
    "saveat-nothing": { run: () => solve({ saveat: SaveAt({}) }), result: "successful" },
    "root-finder-tolerance": {
      run: () => solve({}, decay, Kvaerno3({ rootFinder })),
      result: "successful",
    },
    "max-steps-no-throw": {
      run: () => solve({ maxSteps: 4, throw: false }),
      result: "maxStepsReached",
    },
    "int-time": {
      run: () =>
        solve({ t0: np.tensor(0, { dtype: "int32" }), t1: np.tensor(1, { dtype: "int32" }) }),
      result: "successful",
    },
    "nan-vector-field": {
      run: () =>
        solve(
          { stepsizeController: pid, maxSteps: 64, throw: false },
          traced((_t: Scalar, y: Tensor) => np.sqrt(np.sub(y, 2))),
        ),
      result: "maxStepsReached",
    },
    // Diffrax refuses these.
    "steps-max-steps-none": {
      run: () => solve({ saveat: { steps: true }, maxSteps: null }),
      result: "successful",
    },
    "dense-max-steps-none": {
      run: () => solve({ saveat: { dense: true }, maxSteps: null }),
      result: "successful",
    },
  };

// The stability function of Tsit5 at -0.1, ten times: e^-1 to seven digits.
const ofTsit5 = Math.exp(-1);
const ofHeun = (1 - 0.1 + 0.1 ** 2 / 2) ** 10;

/** What Diffrax cannot differentiate, and the derivative. */
const differentiable: Readonly<
  Record<string, { readonly run: () => number; readonly slope: number }>
> = {
  "recursive-checkpoint-jvp": {
    run: () => jvp((y0: Scalar) => endOf(solve({ y0 })), [1], [1]).tangent.item(),
    slope: ofTsit5,
  },
  "recursive-checkpoint-grad-max-steps-none": {
    run: () => grad((y0: Scalar) => endOf(solve({ y0, maxSteps: null })))(1),
    slope: ofTsit5,
  },
  "unsafe-recursive-checkpoint": {
    run: () => grad((y0: Scalar) => endOf(solve({ y0 }, noisy(), Heun())))(1),
    slope: ofHeun,
  },
};

const { cases } = readFigures<ErrorCase>("errors");
const among = (table: object): ErrorCase[] => cases.filter(({ id }) => id in table);

describe("is refused, with the argument and the way out:", () => {
  test.each(among(refused))("$id: $description", ({ id }) => {
    expect(refused[id]!.run).toThrow(refused[id]!.says);
  });
});

describe("is accepted, and ends as it should:", () => {
  test.each(among(accepted))("$id: $description", ({ id }) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    expect(accepted[id]!.run().result).toBe(accepted[id]!.result);
    expect(warn.mock.calls.length > 0).toBe(id.endsWith("warning"));
    warn.mockRestore();
  });
});

describe("is differentiated, although Diffrax refuses it:", () => {
  test.each(among(differentiable))("$id: $description", ({ id }) => {
    const { run, slope } = differentiable[id]!;
    expect(run()).toBeCloseTo(slope, 7);
  });
});

test("every row of errors.json is in exactly one of these lists", () => {
  const listed = [
    ...Object.keys(refused),
    ...Object.keys(accepted),
    ...Object.keys(differentiable),
  ];
  expect(listed.toSorted()).toEqual(cases.map(({ id }) => id).toSorted());
});

test("what Diffrax raises is refused here, but for what the README of the figures names", () => {
  const others = cases
    .filter(({ id, raises }) => (raises ? !(id in refused) : id in refused))
    .map(({ id }) => id);
  expect(others.toSorted()).toEqual([
    "dense-max-steps-none",
    "pid-jump-ts-compat",
    "recursive-checkpoint-grad-max-steps-none",
    "recursive-checkpoint-jvp",
    "steps-max-steps-none",
    "unsafe-recursive-checkpoint",
    "vf-broadcast",
  ]);
});

test("a term is taken as well as a bare function", () => {
  expect(solve({}, ODETerm(decay as unknown as () => never)).result).toBe("successful");
});
