// A solve that its owner moves on, looks at and changes.
import { memoryUse } from "@diffrax-ts/compiler";
import {
  type AbortedSolve,
  ClipStepSizeController,
  ConstantStepSize,
  ControlTerm,
  diffeqsolve,
  diffeqsolveStream,
  Dopri5,
  Euler,
  Event,
  HalfSolver,
  Heun,
  ImplicitEuler,
  type Integrator,
  integrator,
  jit,
  KenCarp4,
  Kvaerno5,
  LeapfrogMidpoint,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  ReversibleHeun,
  type Scalar,
  type Solution,
  StepTo,
  TextProgressMeter,
  traced,
  Tsit5,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import { key } from "@diffrax-ts/random";
import fc from "fast-check";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";

const lorenz = (t: number, [x, y, z]: readonly [number, number, number], rho: number) =>
  [10 * (y - x), x * (rho - z) - y, x * y - (8 / 3) * z] as const;

const adaptive = PIDController({ rtol: 1e-8, atol: 1e-8 });

/** Some 1200 steps. */
const chaos = {
  t0: 0,
  t1: 20,
  dt0: 0.01,
  y0: [1, 1, 1],
  args: 28,
  maxSteps: null,
  stepsizeController: adaptive,
} as const;

/** Bursts of one step. */
const budgetMs = 1e-6;

/** Without the types, which the cases of a table do not share. */
const make = integrator as unknown as (...given: readonly unknown[]) => Integrator;
const solve = diffeqsolve as unknown as (...given: readonly unknown[]) => Solution;

/** What of a solution can be compared. */
function shown({
  evaluate: _e,
  derivative: _d,
  interpolation,
  ...rest
}: Solution<unknown>): object {
  return { ...rest, dense: interpolation && [interpolation.ts, interpolation.infos] };
}

const oscillator = (t: number, [x, v]: readonly [number, number], mu: number) =>
  [v, mu * (1 - x * x) * v - x] as const;
const stiff = { ...chaos, t1: 100, dt0: null, y0: [2, 0], args: 50 };
const decay = (t: number, y: number): number => -y;
const noise = MultiTerm(
  ODETerm((t: number, y: number) => -y),
  ControlTerm(
    (t: number, y: number) => 0.3 * y,
    VirtualBrownianTree({ t0: 0, t1: 2, tol: 1e-3, shape: [], key: key(1) }),
  ),
);
const gain = { value: 1 };

/** Solves of many kinds. */
const solves: readonly [string, readonly [terms: unknown, solver: unknown, options: object]][] = [
  ["Tsit5", [lorenz, Tsit5(), chaos]],
  [
    "steps, backward",
    [decay, Dopri5(), { ...chaos, t0: 2, t1: -1, dt0: -0.1, y0: 1, saveat: { steps: true } }],
  ],
  ["an implicit solver", [oscillator, Kvaerno5(), { ...stiff, stats: "full" }]],
  [
    "float32",
    [
      lorenz,
      Tsit5(),
      {
        ...chaos,
        t1: 5,
        y0: new Float32Array([1, 1, 1]),
        stepsizeController: PIDController({ rtol: 1e-5, atol: 1e-5 }),
      },
    ],
  ],
  ["constant steps", [lorenz, Heun(), { ...chaos, stepsizeController: undefined }]],
  [
    "given steps",
    [
      decay,
      Heun(),
      { ...chaos, t1: 1, dt0: null, y0: 1, stepsizeController: StepTo({ ts: [0, 0.25, 0.3, 1] }) },
    ],
  ],
  [
    "clipped steps",
    [
      lorenz,
      Tsit5(),
      {
        ...chaos,
        stepsizeController: ClipStepSizeController({
          controller: adaptive,
          stepTs: [1, 2.5],
          jumpTs: [3],
        }),
      },
    ],
  ],
  [
    "times and dense output",
    [lorenz, Tsit5(), { ...chaos, saveat: { ts: np.linspace(0, 20, 333), t0: true, dense: true } }],
  ],
  [
    "a tree of things to save, and folds",
    [
      lorenz,
      Tsit5(),
      {
        ...chaos,
        saveat: {
          subs: {
            a: { steps: 7 },
            b: [{ ts: [1, 2, 3] }],
            c: {
              init: 0,
              update: (acc: number, t: number, y: readonly number[]) => acc + y[0]!,
              at: "steps",
            },
          },
        },
      },
    ],
  ],
  [
    "what a solve goes on from",
    [
      lorenz,
      Tsit5(),
      { ...chaos, saveat: { t1: true, solverState: true, controllerState: true, madeJump: true } },
    ],
  ],
  [
    "an event that ends it",
    [
      lorenz,
      Tsit5(),
      { ...chaos, event: Event({ condFn: (t: number, y: readonly number[]) => y[0]! - 15 }) },
    ],
  ],
  [
    "events that are recorded",
    [
      lorenz,
      Tsit5(),
      {
        ...chaos,
        event: Event({
          condFn: (t: number, y: readonly number[]) => y[0]!,
          terminal: false,
          maxEvents: 100,
        }),
      },
    ],
  ],
  [
    "events that change the state",
    [
      (t: number, [, v]: readonly [number, number]) => [v, -9.81],
      Tsit5(),
      {
        ...chaos,
        t1: 3,
        y0: [1, 0],
        saveat: { steps: true },
        event: Event({
          condFn: (t: number, y: readonly number[]) => y[0]!,
          direction: false,
          change: (t: number, [x, v]: readonly [number, number]) => [x, -0.9 * v],
        }),
      },
    ],
  ],
  [
    "a Brownian motion",
    [noise, Heun(), { ...chaos, t1: 2, y0: 1, args: undefined, stepsizeController: undefined }],
  ],
  [
    "a field on tensors",
    [
      traced((t: unknown, y: number) => np.neg(y)),
      Tsit5(),
      { ...chaos, y0: new Float64Array(40).fill(1) },
    ],
  ],
  [
    "a field that is called back",
    [(t: number, y: number) => -gain.value * y, Tsit5(), { ...chaos, y0: 1 }],
  ],
  ["no way at all", [decay, Tsit5(), { ...chaos, t1: 0, y0: 1 }]],
  ["a failure", [decay, Tsit5(), { ...chaos, y0: 1, maxSteps: 5, throw: false }]],
];

describe("an integrator comes to the solution of diffeqsolve, to the last bit", () => {
  test.each(solves)("in one go: %s", async (_, given) => {
    const live = make(...given);
    expect(live.result).toBe(given[2] === solves.at(-2)![1][2] ? "successful" : null);
    expect(await live.advance()).toBe(false);
    expect(shown(live.solution())).toEqual(shown(solve(...given)));
    expect(live.result).toBe(live.solution().result);
  });

  test.each(solves)("step by step, and up to times: %s", async (_, given) => {
    const live = make(...given);
    const { t0, t1 } = given[2] as { readonly t0: number; readonly t1: number };
    for (let i = 0; i < 3; i++) live.step();
    for (let i = 1; i < 10; i++)
      await live.advance({ until: t0 + (i / 9) ** 2 * (t1 - t0), ...(i % 2 ? { budgetMs } : {}) });
    expect(await live.advance()).toBe(false);
    expect(shown(live.solution())).toEqual(shown(solve(...given)));
  });

  test("wherever it is stopped", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0, max: 6, noNaN: true })), async (times) => {
        const options = { ...chaos, t1: 5, saveat: { steps: true } } as const;
        const live = integrator(lorenz, Tsit5(), options);
        const { ts, ys } = diffeqsolve(lorenz, Tsit5(), options);
        const ends = [0, ...ts];
        for (const until of times.toSorted((a, b) => a - b)) {
          await live.advance({ until });
          // The first end of a step that is not before.
          expect(live.t).toBe(ends.find((t) => t >= Math.min(until, 5)));
        }
        await live.advance();
        expect(live.solution().ys).toEqual(ys);
      }),
      { numRuns: 25 },
    ));
});

describe("between steps", () => {
  test("time and state can be read, and the solution within the last step", () => {
    const live = integrator((t, { x }) => ({ x: -x }), Tsit5(), {
      ...chaos,
      args: undefined,
      y0: { x: 1 },
    });
    expect([live.t, live.y.x.item(), live.at(0).x.item()]).toEqual([0, 1, 1]);
    while (live.t < 1) {
      const before = live.t;
      expect(live.step()).toBe(true);
      for (const part of [0, 0.3, 0.7, 1]) {
        const t = before + part * (live.t - before);
        expect(live.at(Math.min(t, live.t)).x.item()).toBeCloseTo(Math.exp(-t), 7);
      }
      expect(live.at(live.t)).toEqual(live.y);
      expect(live.stats.numAcceptedSteps).toBeGreaterThan(0);
    }
    expect(() => live.at(0)).toThrow("with saveat: { dense: true } all of the solution is kept");
    expect(() => live.at(live.t + 0.1)).toThrow("integrator: at: t must lie between the start of");
  });

  test("with dense output the solution can be read from the start, as of diffeqsolve", async () => {
    const options = { ...chaos, t0: 1, t1: -1, dt0: -0.1, y0: 1, saveat: { dense: true } } as const;
    const live = integrator((t, y) => y, Tsit5(), options);
    const { evaluate } = diffeqsolve((t, y) => y, Tsit5(), options);
    await live.advance({ until: -0.5 });
    for (const t of [1, 0.9, 0.1, -0.4]) expect(live.at(t)).toEqual(evaluate(t));
    expect(() => live.at(1.1)).toThrow("t must lie between t0 = 1 and t = ");
    expect(() => live.at(-1)).toThrow(RangeError);
    await live.advance();
    expect(live.at(-0.9)).toEqual(evaluate(-0.9));
  });

  test("what has been solved so far is a solution, again and again", async () => {
    const options = { ...chaos, saveat: { ts: np.linspace(0, 20, 100) } } as const;
    const live = integrator(lorenz, Tsit5(), options);
    await live.advance({ until: 7 });
    const [some, same] = [live.solution(), live.solution()];
    expect(some).toEqual(same);
    expect(some.result).toBe("interrupted");
    const { ys } = diffeqsolve(lorenz, Tsit5(), options);
    expect(some.ys[0].toArray()).toEqual(ys[0].toArray().slice(0, some.ts.length));
    await live.advance();
    expect(live.solution().ys).toEqual(ys);
  });

  test("advance({ exactly }) ends at a time, and goes on with steps that are no shorter than before", async () => {
    const live = integrator(lorenz, Tsit5(), chaos);
    for (const exactly of [0.5, 0.5, 0.501, 3]) {
      expect(await live.advance({ exactly })).toBe(true);
      expect(live.t).toBe(exactly);
    }
    await live.advance({ exactly: 20 });
    expect([live.t, live.result]).toEqual([20, "successful"]);
    const { numAcceptedSteps } = diffeqsolve(lorenz, Tsit5(), chaos).stats;
    expect(live.stats.numAcceptedSteps).toBeLessThan(numAcceptedSteps + 12);
  });

  test.each([
    ["constant steps", Heun(), undefined, [0.25, 0.3, 0.5, 0.75, 1]],
    ["given steps", Heun(), StepTo({ ts: [0, 0.25, 0.5, 1] }), [0.25, 0.3, 0.5, 1]],
  ])(
    "after advance({ exactly }) %s go on where they were to end",
    async (_, solver, stepsizeController, ends) => {
      const live = integrator(decay, solver, {
        t0: 0,
        t1: 1,
        dt0: stepsizeController === undefined ? 0.25 : null,
        y0: 1,
        saveat: { steps: true },
        ...(stepsizeController && { stepsizeController }),
      });
      await live.advance({ exactly: 0.3 });
      expect(live.t).toBe(0.3);
      await live.advance();
      expect(live.solution().ts.toArray()).toEqual(ends);
    },
  );
});

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

describe("an integrator refuses", () => {
  const options = { t0: 0, t1: 1, dt0: 0.1, y0: { x: 1, n: [2, 3] }, args: { a: 1 } } as const;
  const field = (
    t: number,
    { x, n: [p, q] }: { x: number; n: readonly [number, number] },
    { a }: { a: number },
  ) => ({ x: -a * x, n: [p, q] as const });
  const fresh = () => integrator(field, Tsit5(), options);

  test("two advances at once, and a step meanwhile; nothing is lost", async () => {
    const live = fresh();
    const first = live.advance({ until: 0.5 });
    await expect(live.advance({ until: 1 })).rejects.toThrow("it is under way already");
    expect(() => live.step()).toThrow("wait for the promise of advance");
    expect(await first).toBe(true);
    expect(live.t).toBeCloseTo(0.5);
    expect(await live.advance()).toBe(false);
  });

  test.each<[string, object, string]>([
    ["both ends", { until: 1, exactly: 1 }, "until and exactly are two ends"],
    ["a time that is none", { until: Number.NaN }, "advance: until must be a number, got NaN"],
    ["a text", { exactly: "1" }, 'advance: exactly must be a number, got "1"'],
    ["an end behind", { exactly: -1 }, "exactly must lie between t = 0 and t1 = 1, got -1"],
    ["an end beyond", { exactly: 2 }, "exactly must lie between t = 0 and t1 = 1, got 2"],
    ["no budget", { budgetMs: 0 }, "integrator: advance: budgetMs must be"],
    ["another option", { untill: 1 }, "there is no option untill"],
  ])("to advance with %s", async (_, how, message) => {
    await expect(fresh().advance(how)).rejects.toThrow(message);
  });

  test("a state or arguments of another kind", () => {
    const live = fresh();
    expect(() => (live.y = { x: 1 } as never)).toThrow("integrator: y");
    expect(() => (live.y = { x: 1, n: [1, new Float64Array(2)] } as never)).toThrow(
      "integrator: y.n[1]: expected float64",
    );
    expect(() => (live.y = { x: Number.NaN, n: [1, 2] })).toThrow(
      "integrator: y.x must be finite, got NaN",
    );
    expect(() => (live.args = { b: 1 } as never)).toThrow("integrator: args");
    expect(() => (live.args = { a: new Float64Array(3) } as never)).toThrow(
      "integrator: args.a: expected float64",
    );
    expect(() => (live.args = { a: () => 1 } as never)).toThrow("integrator: args");
    expect([live.t, live.step()]).toEqual([0, true]);
  });

  test("a change when the solve has ended, or it was closed; it can be read", async () => {
    const live = fresh();
    await live.advance();
    expect(() => (live.args = { a: 2 })).toThrow("the solve has ended at t = 1 (successful)");
    expect(() => (live.y = { x: 1, n: [1, 1] })).toThrow("the solve has ended");
    expect(live.step()).toBe(false);
    const closed = fresh();
    closed.step();
    closed.close();
    expect(() => closed.step()).toThrow("integrator: step: it was closed");
    await expect(closed.advance()).rejects.toThrow("it was closed");
    expect(() => (closed.args = { a: 2 })).toThrow("it was closed");
    expect(closed.t).toBe(0.1);
    expect(closed.y.x.item()).toBeCloseTo(Math.exp(-0.1));
    closed.close();
  });

  test("a meter, and to be made inside of a traced function", () => {
    expect(() =>
      integrator(field, Tsit5(), { ...options, progressMeter: TextProgressMeter() }),
    ).toThrow("write advance({ onProgress");
    expect(() => jit((x: Scalar) => (integrator(field, Tsit5(), options), x))(1)).toThrow(
      "integrator: inside a traced function",
    );
  });

  test("a solve that fails throws once, and says so ever after", async () => {
    const live = integrator(decay, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1, maxSteps: 3 });
    await expect(live.advance()).rejects.toThrow("The maximum number of solver steps was reached");
    expect([live.result, live.step(), await live.advance()]).toEqual([
      "maxStepsReached",
      false,
      false,
    ]);
    const steps = integrator(decay, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1, maxSteps: 1 });
    expect(() => steps.step()).toThrow("The maximum number of solver steps was reached");
  });

  test("to go on after a function has thrown within a burst, and says so", async () => {
    let calls = 0;
    const failing = (t: number, y: number): number => {
      if (++calls > 30) throw new Error("enough");
      return -y;
    };
    const before = memoryUse().bytesInUse;
    const live = integrator(failing, Tsit5(), { t0: 0, t1: 10, dt0: 0.1, y0: 1 });
    await expect(live.advance()).rejects.toThrow("enough");
    expect(() => live.step()).toThrow("a function that the solve called has thrown");
    expect(memoryUse().bytesInUse).toBe(before);
  });
});

describe("an advance that is aborted", () => {
  test("rejects with the reason, with the solution so far, and can go on", async () => {
    const controller = new AbortController();
    const live = integrator(lorenz, Tsit5(), chaos);
    const advancing = live.advance({
      signal: controller.signal,
      budgetMs,
      onProgress: () => live.t > 3 && controller.abort(),
    });
    const error = (await advancing.catch((e: unknown) => e)) as AbortedSolve;
    expect(error).toBe(controller.signal.reason);
    expect(error.solution!.result).toBe("interrupted");
    expect(live.t).toBeGreaterThan(3);
    await live.advance();
    expect(live.solution()).toEqual(diffeqsolve(lorenz, Tsit5(), chaos));
  });
});

describe("the memory of an integrator", () => {
  test("is given back at its end, and when it is closed, 10 000 times", async () => {
    const before = memoryUse().bytesInUse;
    const options = { t0: 0, t1: 1, dt0: 0.25, y0: 1, args: 1 };
    for (let i = 0; i < 5000; i++) {
      const ended = integrator((t, y, a) => -a * y, Tsit5(), options);
      ended.args = i;
      while (ended.step());
      const closed = integrator((t, y, a) => -a * y, Tsit5(), options);
      closed.step();
      closed.args = i;
      closed.close();
    }
    expect(memoryUse().bytesInUse).toBe(before);
  });

  test("is given back when it is forgotten, 10 000 times, and that of streams and solves which nobody waits for", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const before = memoryUse().bytesInUse;
    const options = { t0: 0, t1: 1, dt0: 0.25, y0: 1, args: 1 };
    const field = (t: number, y: number, a: number): number => -a * y;
    for (let i = 0; i < 5000; i++) {
      integrator(field, Tsit5(), options).step();
      void integrator(field, Tsit5(), options).advance({ until: 0.5, budgetMs });
      diffeqsolveStream(field, Tsit5(), options);
      void diffeqsolveStream(field, Tsit5(), { ...options, budgetMs }).next();
    }
    expect(memoryUse().bytesInUse).toBeGreaterThan(before);
    // What is collected is told later, in turns of the event loop.
    for (let i = 0; i < 100 && memoryUse().bytesInUse > before; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(memoryUse().bytesInUse).toBeLessThanOrEqual(before); // less, if other tests have forgotten some
    expect(memoryUse().bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
  });
});
