// A solve that its owner moves on, and looks at.
import {
  type AbortedSolve,
  ClipStepSizeController,
  ConstantStepSize,
  ControlTerm,
  diffeqsolve,
  Dopri5,
  Event,
  Heun,
  type Integrator,
  integrator,
  Kvaerno5,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  type Solution,
  StepTo,
  traced,
  Tsit5,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import { key } from "@diffrax-ts/random";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { adaptive, budgetMs, chaos, lorenz } from "./support/chaos.ts";

// Some fields cannot be read, on purpose.
const { warn: others } = console;
vi.spyOn(console, "warn").mockImplementation((text: string) => {
  if (!text.includes("called")) others(text);
});

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

describe("an integrator that never ends", () => {
  test.each([
    ["adaptive steps", { stepsizeController: adaptive }, Infinity],
    ["constant steps", { stepsizeController: ConstantStepSize() }, Infinity],
    ["backward in time", { stepsizeController: adaptive, dt0: -0.01 }, -Infinity],
  ])("goes on as long as its owner wants: %s", async (_, more, t1) => {
    const options = { ...chaos, ...more, t1, args: 3, y0: 1 };
    const live = integrator(
      (t, y, k) => k * Math.cos(k * t) + 1e-3 * (Math.sin(k * t) - y),
      Tsit5(),
      options,
    );
    const sign = Math.sign(t1);
    for (let t = 1; t < 50; t++) {
      expect(await live.advance({ until: sign * t })).toBe(true);
      expect(live.result).toBeNull();
      expect(sign * live.t).toBeGreaterThanOrEqual(t);
    }
    const { t } = live;
    expect(live.y.item()).toBeCloseTo(Math.sin(3 * t) + Math.exp(-1e-3 * t), 5);
    const other = integrator.fromJSON(
      JSON.stringify(live),
      (t: number, y: number, k: number) => k * Math.cos(k * t) + 1e-3 * (Math.sin(k * t) - y),
      Tsit5(),
      options,
    );
    live.step();
    other.step();
    expect([other.t, other.y]).toEqual([live.t, live.y]);
  });

  test("takes the steps of one that ends", async () => {
    const [endless, ending] = [Infinity, 1e6].map((t1) =>
      integrator(lorenz, Tsit5(), { ...chaos, t1 }),
    );
    for (const live of [endless!, ending!]) await live.advance({ until: 20 });
    expect([endless!.t, endless!.y]).toEqual([ending!.t, ending!.y]);
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
