// An integrator whose state or arguments are changed between steps.
import {
  ConstantStepSize,
  diffeqsolve,
  Dopri5,
  Euler,
  Event,
  HalfSolver,
  Heun,
  ImplicitEuler,
  type Integrator,
  integrator,
  KenCarp4,
  Kvaerno5,
  LeapfrogMidpoint,
  MultiTerm,
  ODETerm,
  PIDController,
  ReversibleHeun,
  type Solution,
  Tsit5,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";
import { budgetMs } from "./support/chaos.ts";

/** Without the types, which the cases of a table do not share. */
const make = integrator as unknown as (...given: readonly unknown[]) => Integrator;
const solve = diffeqsolve as unknown as (...given: readonly unknown[]) => Solution;

describe("a change between steps is a jump", () => {
  const powers = { t0: 0, t1: 2, dt0: 0.125, stepsizeController: ConstantStepSize() };
  const forced = (t: number, [x, v]: readonly [number, number], k: number) =>
    [v, -k * x + t] as const;
  test.each(
    [
      Euler(),
      Heun(),
      Tsit5(),
      Dopri5(),
      HalfSolver(Tsit5()),
      LeapfrogMidpoint(),
      ReversibleHeun(),
    ].map((solver) => [solver.kind, solver] as const),
  )("what follows equals a fresh start, to the last bit: %s", async (_, solver) => {
    const options = { ...powers, y0: [1, 0], args: 3 } as const;
    for (const [y, args] of [
      [[5, -1], 3],
      [null, 7],
      [[-2, 0.5], -1],
    ] as const) {
      const live = integrator(forced, solver, options);
      await live.advance({ until: 1 });
      const [x, v] = live.y.map(Number) as [number, number];
      if (y !== null) live.y = y;
      if (args !== 3) live.args = args;
      await live.advance();
      const fresh = { ...options, t0: 1, y0: y ?? ([x, v] as const), args };
      expect(live.y.map(String)).toEqual(
        diffeqsolve(forced, solver, fresh).ys.map((end) => String(end.at(0))),
      );
    }
  });

  test.each(
    [ImplicitEuler(), Kvaerno5(), KenCarp4()].map((solver) => [solver.kind, solver] as const),
  )("what follows equals a fresh start, for implicit solvers: %s", async (_, solver) => {
    const { terms, args } =
      solver.kind === "KenCarp4"
        ? {
            terms: MultiTerm(
              ODETerm((t: number) => t),
              ODETerm((t: number, y: number, k: number) => -k * y),
            ),
            args: 3,
          }
        : { terms: (t: number, y: number, k: number) => t - k * y, args: 3 };
    const stepsizeController = PIDController({ rtol: 1e-6, atol: 1e-6 });
    const options = {
      ...powers,
      y0: 1,
      args,
      stepsizeController,
      saveat: { t1: true, controllerState: true },
    };
    const live = make(terms, solver, options);
    await live.advance({ until: 1 });
    const { t } = live;
    const soFar = live.solution();
    live.y = 4;
    live.args = 9;
    live.step();
    // The controller keeps the size of its steps.
    const fresh = {
      ...options,
      t0: t,
      dt0: live.t - t,
      t1: live.t,
      y0: 4,
      args: 9,
      controllerState: soFar.controllerState,
    };
    expect(String(live.y)).toBe(
      String(
        (solve(terms, solver, { ...fresh, saveat: undefined }).ys as { at(i: number): unknown }).at(
          0,
        ),
      ),
    );
  });

  test("that an advance which is under way goes on with", async () => {
    const live = integrator((t, y, rate) => rate * y, Tsit5(), {
      t0: 0,
      t1: 2,
      dt0: 2 ** -10,
      y0: 1,
      args: 0,
    });
    const advancing = live.advance({
      budgetMs,
      onProgress: () => {
        if (live.t === 1) live.args = 1;
      },
    });
    await advancing;
    expect(live.y.item()).toBeCloseTo(Math.E, 9);
    expect(live.args).toBe(1);
  });

  test("that is no event, whatever lies between", async () => {
    const event = Event({ condFn: (t: number, y: number) => y });
    const live = integrator((t) => 1 + t - t, Tsit5(), {
      t0: 0,
      t1: 10,
      dt0: 0.25,
      y0: -1,
      event,
    });
    await live.advance({ until: 0.5 });
    live.y = 3;
    await live.advance({ until: 2 });
    expect(live.result).toBeNull();
    live.y = -1;
    await live.advance();
    expect(live.result).toBe("eventOccurred");
  });

  test("the dense output before it stays, and it has two sides", async () => {
    const live = integrator((t) => t - t, Tsit5(), {
      t0: 0,
      t1: 2,
      dt0: 0.5,
      y0: 1,
      saveat: { dense: true },
    });
    await live.advance({ until: 1 });
    live.y = 5;
    await live.advance();
    const { evaluate } = live.solution();
    const seen = [evaluate(0.5), evaluate(1), evaluate(1, null, false), evaluate(1.5)];
    expect(seen.map(Number)).toEqual([1, 1, 5, 5]);
  });
});
