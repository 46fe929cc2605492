import {
  ClipStepSizeController,
  diffeqsolve,
  grad,
  HalfSolver,
  jit,
  Kvaerno3,
  Kvaerno5,
  PIDController,
  type Scalar,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";

type Three = readonly [number, number, number];

const robertson = (_t: number, [a, b, c]: Three, [k1, k2, k3]: Three): Three => [
  -k1 * a + k3 * b * c,
  k1 * a - k3 * b * c - k2 * b * b,
  k2 * b * b,
];
const rates: Three = [0.04, 3e7, 1e4];
const start: Three = [1, 0, 0];
const tight = PIDController({ rtol: 1e-7, atol: 1e-10 });
const options = { t0: 0, t1: 100, dt0: 1e-4, y0: start, args: rates, stepsizeController: tight };
const solvers = { Kvaerno3, Kvaerno5 };
const numbers = (ys: readonly { at(i: number): Scalar }[]): number[] =>
  ys.map((y) => y.at(0).item());

describe("A Jacobian that is kept from step to step", () => {
  test.each(Object.entries(solvers))("is made for fewer steps than there are, by %s", (_, make) => {
    const full = { ...options, stats: "full" } as const;
    const { stats } = diffeqsolve(robertson, make(), full);
    expect(stats.numFactorisations).toBe(stats.numJacobians);
    expect(stats.numJacobians).toBeLessThan(0.7 * stats.numSteps);
    expect(stats.numIterations).toBe(stats.numEvaluations);

    const { stats: each } = diffeqsolve(robertson, make({ diffrax072: true }), full);
    expect(each.numJacobians).toBe(each.numSteps);
  });

  test.each(Object.entries(solvers))("gives the same bits inside of a trace, by %s", (_, make) => {
    const solve = (y0: Three) => diffeqsolve(robertson, make(), { ...options, y0 }).ys;
    const traced = jit(solve as never) as unknown as typeof solve;
    expect(numbers(traced(start))).toEqual(numbers(solve(start)));
  });

  test("is that of each member of a batch", () => {
    const solve = (a: number) =>
      diffeqsolve(robertson, Kvaerno5(), { ...options, y0: [a, 0, 0] }).ys[0].at(0);
    const first = [1, 0.9, 1.1];
    const batch = vmap(solve as never)(Float64Array.from(first)) as unknown as Scalar;
    expect(batch.toArray()).toEqual(first.map((a) => solve(a).item()));
  });

  test.each(Object.entries({ ...solvers, HalfSolver: () => HalfSolver(Kvaerno3()) }))(
    "leaves gradients to the root, by %s",
    (_, make) => {
      const end = (args: Three, controller = tight): Scalar =>
        diffeqsolve(robertson, make() as ReturnType<typeof Kvaerno3>, {
          ...options,
          args,
          stepsizeController: controller,
          maxSteps: 8192,
        }).ys[0].at(0);
      const gradient = grad((args: Three) => end(args))(rates).map(Number);
      // Solves at 1e-10 whose parameters are 1e-4 apart show seven digits of a difference; those of the gradient are errors of 1e-7 that
      // a sensitivity of 100 makes larger.
      const exact = PIDController({ rtol: 1e-10, atol: 1e-13 });
      for (const [i, rate] of rates.entries()) {
        const at = (share: number): number =>
          end(
            rates.map((k, j) => (j === i ? k + share * rate : k)) as unknown as Three,
            exact,
          ).item();
        const difference = (at(1e-4) - at(-1e-4)) / (2e-4 * rate);
        expect(Math.abs(gradient[i]! / difference - 1)).toBeLessThan(3e-5);
      }
    },
  );

  test("goes on with the solve that goes on", () => {
    const whole = diffeqsolve(robertson, Kvaerno5(), options);
    const saveat = { t1: true, solverState: true, controllerState: true };
    const first = diffeqsolve(robertson, Kvaerno5(), { ...options, t1: 40, saveat });
    const second = diffeqsolve(robertson, Kvaerno5(), {
      ...options,
      t0: 40,
      y0: numbers(first.ys) as unknown as Three,
      solverState: first.solverState!,
      controllerState: first.controllerState!,
      stats: "full",
    });
    expect(numbers(second.ys)[0]).toBeCloseTo(numbers(whole.ys)[0]!, 6);
    expect(second.stats.numJacobians).toBeLessThan(second.stats.numSteps);
  });

  test("is made anew where the vector field jumps, and serves backward in time", () => {
    const field = (t: number, y: number): number => (t < 0.5 ? -1000 : -10) * (y - Math.cos(t));
    const controller = PIDController({ rtol: 1e-6, atol: 1e-6 });
    const stepsizeController = ClipStepSizeController({ controller, jumpTs: [0.5] });
    const { ys } = diffeqsolve(field, Kvaerno5(), {
      t0: 0,
      t1: 1,
      dt0: 0.01,
      y0: 1,
      stepsizeController,
    });
    // From the slow solution of the first half: y = (λ² cos t + λ sin t) / (λ² + 1) with λ = 1000, then 10.
    const slow = (rate: number, t: number): number =>
      (rate * rate * Math.cos(t) + rate * Math.sin(t)) / (rate * rate + 1);
    const end = slow(10, 1) + (slow(1000, 0.5) - slow(10, 0.5)) * Math.exp(-5);
    expect(Math.abs(ys.at(0).item() - end)).toBeLessThan(1e-5);

    const back = diffeqsolve((t, y) => 1000 * (y - Math.cos(t)), Kvaerno5(), {
      t0: 1,
      t1: 0,
      dt0: -0.01,
      y0: Math.cos(1),
      stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-6 }),
    });
    expect(Math.abs(back.ys.at(0).item() - 1e6 / (1e6 + 1))).toBeLessThan(1e-5);
  });
});

describe('With stats: "full"', () => {
  test("a method that is first same as last evaluates once for each further stage", () => {
    const decay = { t0: 0, t1: 1, dt0: 0.1, y0: 1, stats: "full" } as const;
    const { stats } = diffeqsolve((t, y) => -y, Tsit5(), decay);
    expect(stats.numEvaluations).toBe(6 * stats.numSteps);
    expect(stats.numIterations).toBe(0);
    const halves = diffeqsolve((t, y) => -y, HalfSolver(Tsit5()), decay);
    expect(halves.stats.numEvaluations).toBe(18 * halves.stats.numSteps);
  });

  test("a solve without them has none", () => {
    expect(diffeqsolve(robertson, Kvaerno3(), options).stats).not.toHaveProperty("numEvaluations");
  });

  test("another text is refused", () => {
    const wrong = { ...options, stats: "all" as "full" };
    expect(() => diffeqsolve(robertson, Kvaerno3(), wrong)).toThrow(
      'diffeqsolve: stats must be "steps" or "full", got',
    );
  });
});
