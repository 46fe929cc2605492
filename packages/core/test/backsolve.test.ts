// BacksolveAdjoint() beyond one solve at tolerances: solvers that remember a step, second derivatives, other dtypes, tolerances
// that are tensors. What it shares with the other adjoints is in adjoints.test.ts.
import {
  BacksolveAdjoint,
  DirectAdjoint,
  Euler,
  grad,
  Heun,
  ImplicitAdjoint,
  jacfwd,
  jit,
  LeapfrogMidpoint,
  np,
  PIDController,
  ReversibleHeun,
  type Scalar,
  scan,
  StepTo,
  type Tensor,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import type { Adjoint } from "@diffrax-ts/protocol";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

type Function = (x: Scalar) => Scalar;
const interval = { t0: 0, t1: 1, dt0: 0.1, y0: 1 };

describe("with a solver that remembers the step before, times to save in the middle have their share in the gradient, of order 2:", () => {
  const rate = 0.7;
  const decay = (_t: number, y: number, k: number): number => -k * y;

  /** `d/dk Σ exp(-k t)`, and how far off it is with steps of `1 / n`. */
  const errorOf = (solver: unknown, ts: readonly number[], n: number): number => {
    const loss = (k: Scalar): Scalar =>
      np.sum(
        solveParts(decay, solver, {
          ...interval,
          dt0: 1 / n,
          args: k,
          saveat: { ts },
          adjoint: BacksolveAdjoint(),
        }).ys,
      );
    const exact = ts.reduce((total, t) => total - t * Math.exp(-rate * t), 0);
    return Math.abs(grad(loss)(rate) - exact);
  };

  describe.each([
    ["LeapfrogMidpoint()", LeapfrogMidpoint()],
    ["ReversibleHeun()", ReversibleHeun()],
  ])("%s", (_, solver) => {
    // Steps end at each of the times, so the leading error is C dt² with the same C for every dt.
    test.each([[[0.5, 1]], [[0.5]], [[0.25, 0.5, 0.75]]])("at %j, where steps end", (ts) => {
      const errors = [16, 32, 64, 128, 256].map((n) => errorOf(solver, ts, n));
      for (const [i, error] of errors.slice(1).entries())
        expect(Math.abs(Math.log2(errors[i]! / error) - 2)).toBeLessThan(0.2);
    });

    // Where times lie within a step, C depends on where: a bound of 1 holds for solutions whose derivatives are below 1.
    test.each([[[0.3, 1]], [[0.1, 0.15, 0.77]]])("at %j, within steps", (ts) => {
      for (const n of [16, 64, 256]) expect(errorOf(solver, ts, n)).toBeLessThan(n ** -2);
    });
  });
});

describe("second derivatives", () => {
  const inEveryOrder: readonly (readonly [string, (f: Function) => (x: number) => number])[] = [
    ["jacfwd of jacfwd", (f) => jacfwd((x: Scalar) => jacfwd(f)(x)) as never],
    ["grad of grad", (f) => grad((x: Scalar) => grad(f)(x)) as never],
    ["grad of jacfwd", (f) => grad((x: Scalar) => jacfwd(f)(x) as Scalar) as never],
    ["jacfwd of grad", (f) => jacfwd((x: Scalar) => grad(f)(x)) as never],
  ];
  /** `y' = -k y²` from 1: `y(1) = 1 / (1 + k)`. */
  const hyperbola = (_t: number, y: number, k: number): number => -k * y * y;
  const second = (k: number): number => 2 / (1 + k) ** 3;
  const end =
    (solver: unknown, options: object): Function =>
    (k) =>
      solveParts(hyperbola, solver, { ...interval, args: k, ...options }).ys.at(0) as Scalar;

  test.each(inEveryOrder)("through the tolerances of both ways: %s", (_, twice) => {
    const stepsizeController = PIDController({ rtol: 1e-10, atol: 1e-10 });
    const at = (adjoint?: Adjoint): number =>
      twice(end(Tsit5(), { stepsizeController, ...(adjoint && { adjoint }) }))(0.7);
    // Three solves one inside the other at 1e-10, none of which lets errors grow: a factor of 100 is left for their sum.
    expect(Math.abs(at(BacksolveAdjoint()) - second(0.7))).toBeLessThan(1e-8);
    expect(Math.abs(at(BacksolveAdjoint()) - at())).toBeLessThan(1e-8);
    expect(Math.abs(at(BacksolveAdjoint()) - at(DirectAdjoint()))).toBeLessThan(1e-8);
  });

  test("with constant steps are the same in every order, and are off by what Euler() is: the half with half the step", () => {
    const steps = [0.05, 0.025, 0.0125];
    const errors = steps.map((dt0) => {
      const f = end(Euler(), { dt0, adjoint: BacksolveAdjoint() });
      const [first, ...others] = inEveryOrder.map(([, twice]) => twice(f)(0.7));
      // Sums of up to 80 terms in other orders.
      for (const other of others) expect(Math.abs(other / first! - 1)).toBeLessThan(80 * 2 ** -52);
      return Math.abs(first! - second(0.7));
    });
    for (const [i, error] of errors.slice(1).entries())
      expect(Math.abs(Math.log2(errors[i]! / error) - 1)).toBeLessThan(0.2);
  });

  test("go through a scan of solves", () => {
    // g(k) = f(f(k)) with f = 1 / (1 + k): (1 + k) / (2 + k), of which the second derivative is -2 / (2 + k)³
    const stepsizeController = PIDController({ rtol: 1e-10, atol: 1e-10 });
    const f = end(Tsit5(), { stepsizeController, adjoint: BacksolveAdjoint() });
    const g: Function = (k) =>
      scan((carry: Scalar) => ({ carry: f(carry), row: null }), k, null, { length: 2 }).carry;
    expect(Math.abs(g(0.7 as never).item() - 1.7 / 2.7)).toBeLessThan(1e-8);
    for (const [name, twice] of inEveryOrder)
      expect(Math.abs(twice(g)(0.7) + 2 / 2.7 ** 3), `scan, ${name}`).toBeLessThan(1e-8);
  });
});

describe("a float32 state", () => {
  // Ten steps of seven stages, each rounded to 2⁻²⁴ a few times; roundings rarely all point the same way.
  const single = 70 * 2 ** -24;

  test("has the gradient of the default adjoint to float32's accuracy", () => {
    const field = (t: number, y: readonly number[]): number[] => y.map((v) => -v * t);
    const gradient = (options: object): number[] => [
      ...(grad((y0: Tensor) =>
        np.sum(solveParts(field, Tsit5(), { ...interval, y0, ...options }).ys),
      )(Float32Array.of(1, 2) as never) as unknown as Float32Array),
    ];
    const [back, through] = [gradient({ adjoint: BacksolveAdjoint() }), gradient({})];
    for (const i of [0, 1]) {
      expect(Math.abs(back[i]! / through[i]! - 1)).toBeLessThan(single);
      expect(Math.abs(back[i]! / Math.exp(-0.5) - 1)).toBeLessThan(single);
    }
  });

  test("may have float64 arguments, whose gradient is accurate to float32", () => {
    const field = traced((_t: Scalar, y: Tensor, k: Scalar) => np.mul(np.astype(k, "float32"), y));
    const gradient = (options: object): number =>
      grad((k: Scalar) =>
        np.sum(
          solveParts(field, Tsit5(), { ...interval, y0: Float32Array.of(1), args: k, ...options })
            .ys,
        ),
      )(0.7);
    // d/dk exp(k)
    for (const slope of [gradient({ adjoint: BacksolveAdjoint() }), gradient({})])
      expect(Math.abs(slope / Math.exp(0.7) - 1)).toBeLessThan(single);
  });
});

test("saveat { ts: [], t1: true } saves the end, as { t1: true } does, and has its gradient", () => {
  const decay = (_t: number, y: number): number => -y;
  for (const adjoint of [undefined, BacksolveAdjoint()]) {
    const end = (saveat: object) => (y0: Scalar) =>
      solveParts(decay, Tsit5(), { ...interval, y0, saveat, ...(adjoint && { adjoint }) });
    const both = [{ ts: [], t1: true }, { t1: true }].map(end);
    const [empty, alone] = both.map((f) => f(1 as never).ys.toArray() as number[]);
    expect(empty).toHaveLength(1);
    expect(empty).toEqual(alone);
    const slopes = both.map((f) => grad((y0: Scalar) => f(y0).ys.at(0) as Scalar)(1));
    expect(slopes[0]).toBe(slopes[1]);
  }
});

describe("tolerances that are tensors are as good as numbers, with", () => {
  const numbers = PIDController({ rtol: 1e-8, atol: 1e-8 });
  const tensors = PIDController({ rtol: np.tensor(1e-8), atol: np.tensor(1e-8) });
  const decay = (_t: number, y: number, k: number): number => -k * y;
  const slope = (stepsizeController: unknown, adjoint?: Adjoint): number =>
    grad(
      (k: Scalar) =>
        solveParts(decay, Tsit5(), {
          ...interval,
          args: k,
          stepsizeController,
          ...(adjoint && { adjoint }),
        }).ys.at(0) as Scalar,
    )(0.7);

  test.each([
    ["the default", undefined, undefined],
    ["BacksolveAdjoint()", BacksolveAdjoint(), BacksolveAdjoint()],
    [
      "BacksolveAdjoint({ stepsizeController })",
      BacksolveAdjoint({ stepsizeController: numbers }),
      BacksolveAdjoint({ stepsizeController: tensors }),
    ],
  ])("%s", (_, ofNumbers, ofTensors) => {
    expect(slope(tensors, ofTensors)).toBe(slope(numbers, ofNumbers));
  });

  test("BacksolveAdjoint(), and known only at run time", () => {
    const gradient = jit((tolerance: Scalar, rate: Scalar) => {
      const stepsizeController = PIDController({ rtol: tolerance, atol: tolerance });
      const adjoint = BacksolveAdjoint();
      return grad(
        (k: Scalar) =>
          solveParts(decay, Tsit5(), { ...interval, args: k, stepsizeController, adjoint }).ys.at(
            0,
          ) as Scalar,
      )(rate);
    });
    expect(gradient(1e-8, 0.7).item()).toBe(slope(numbers, BacksolveAdjoint()));
  });

  test("ImplicitAdjoint()", () => {
    // The steady state of y' = a - y² is √a, its slope 1 / (2 √a).
    const field = (_t: number, y: number, a: number): number => a - y * y;
    const steady = (stepsizeController: unknown): number =>
      grad(
        (a: Scalar) =>
          solveParts(field, Tsit5(), {
            ...interval,
            t1: 30,
            args: a,
            stepsizeController,
            adjoint: ImplicitAdjoint(),
          }).ys.at(0) as Scalar,
      )(4);
    expect(steady(tensors)).toBe(steady(numbers));
    expect(Math.abs(steady(tensors) - 0.25)).toBeLessThan(1e-8);
  });
});

describe("the solves backward", () => {
  const decay = (_t: number, y: number, k: number): number => -k * y;

  test("have a limit of their own, and say whether they throw", () => {
    const gradient = (maxSteps: number, throws: boolean): number =>
      grad((k: Scalar): Scalar => {
        const adjoint = BacksolveAdjoint({ maxSteps, throw: throws });
        return solveParts(decay, Tsit5(), { ...interval, args: k, adjoint }).ys.at(0) as Scalar;
      })(1);
    expect(gradient(10, true)).toBeCloseTo(-Math.exp(-1), 7);
    expect(() => gradient(9, true)).toThrow(
      /BacksolveAdjoint\(\) did not get back to t0, .*The maximum number of solver steps was reached/u,
    );
    expect(gradient(9, false)).not.toBeCloseTo(-Math.exp(-1), 2);
  });

  test.each([
    ["constant steps", {}],
    ["adaptive steps", { stepsizeController: PIDController({ rtol: 1e-9, atol: 1e-9 }) }],
  ])("leave out the times that a solve did not reach: %s", (_, controller) => {
    // With 6 steps of about 0.05 the second time is out of reach.
    const loss = (k: Scalar): Scalar => {
      const { ys } = solveParts(decay, Tsit5(), {
        ...interval,
        dt0: 0.05,
        args: k,
        maxSteps: 6,
        throw: false,
        saveat: { ts: [0.1, 1] },
        adjoint: BacksolveAdjoint({ maxSteps: 100 }),
        ...controller,
      });
      return np.sum(np.where(np.isFinite(ys), ys, 0));
    };
    expect(grad(loss)(1)).toBeCloseTo(-0.1 * Math.exp(-0.1), 7);
    const both = (ks: Tensor): Scalar => np.sum(vmap(loss)(ks));
    const [first, second] = grad(both)(Float64Array.of(1, 2));
    expect(first).toBeCloseTo(-0.1 * Math.exp(-0.1), 7);
    expect(second).toBeCloseTo(-0.1 * Math.exp(-0.2), 7);
  });

  test("cannot take the steps of StepTo, but steps to other times", () => {
    const gradient = (y0: Scalar | Float32Array, adjoint: Adjoint): unknown =>
      grad((start: Tensor): Scalar =>
        np.sum(
          solveParts(
            traced((_t: Scalar, y: Tensor) => np.neg(y)),
            Heun(),
            {
              ...interval,
              dt0: null,
              y0: start,
              stepsizeController: StepTo({ ts: [0, 0.5, 1] }),
              adjoint,
            },
          ).ys,
        ),
      )(y0 as never);
    expect(() => gradient(np.tensor(1), BacksolveAdjoint())).toThrow(
      "BacksolveAdjoint() cannot go back by the steps of StepTo; give it another controller",
    );
    // Two steps of Heun's method: (1 - 1/2 + 1/8)².
    const back = BacksolveAdjoint({ stepsizeController: StepTo({ ts: [1, 0.5, 0] }) });
    expect(gradient(Float32Array.of(1), back)).toEqual(Float32Array.of(0.390625));
  });
});
