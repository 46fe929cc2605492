// Solves between whose bursts the event loop turns: what they give, how they are stopped, and that nothing is left of them.
import {
  type AbortedSolve,
  BacksolveAdjoint,
  diffeqsolve,
  diffeqsolveAsync,
  Event,
  jit,
  Kvaerno5,
  np,
  prepare,
  type Scalar,
  type Solution,
  traced,
  Tsit5,
} from "@diffrax-ts/core";
import { checkTraces } from "@diffrax-ts/autodiff";
import { memoryUse } from "@diffrax-ts/compiler";
import type { ProgressMeter } from "@diffrax-ts/protocol";
import { afterEach, describe, expect, test, vi } from "vitest";
import { adaptive, budgetMs, chaos as short, lorenz } from "./support/chaos.ts";

/** Some 17 000 steps. */
const chaos = { ...short, t1: 300 } as const;

const inUse = (): number => memoryUse().bytesInUse;

/** What a promise rejects with. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable("it was fulfilled"),
    (error: unknown) => error,
  );
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("diffeqsolveAsync gives what diffeqsolve gives, to the last bit", () => {
  const ts = np.linspace(0, 300, 50);
  const backward = { ...chaos, t0: 1, t1: -1, dt0: -0.01, args: 2 };
  test.each<[string, object]>([
    ["the end", {}],
    ["times", { saveat: { ts, t0: true, t1: true } }],
    ["steps", { saveat: { steps: 3, fn: (t: number, y: readonly number[]) => t + y[0]! } }],
    ["dense output", { t1: 20, saveat: { dense: true } }],
    ["several things", { saveat: { subs: { a: { ts }, b: [{ steps: true }, { t1: true }] } } }],
    ["what a solve goes on from", { saveat: { t1: true, solverState: true, madeJump: true } }],
    ["backward in time", backward],
    ["float32", { t1: 5, y0: new Float32Array([1, 1, 1]) }],
    ["constant steps", { t1: 20, stepsizeController: undefined }],
    ["a first step that is chosen", { dt0: null, t1: 20 }],
    ["counts of the work", { t1: 20, stats: "full" }],
    ["an event", { event: Event({ condFn: (t: number, y: readonly number[]) => y[0]! - 15 }) }],
    ["no way at all", { t1: 0 }],
    ["an adjoint that is not used", { t1: 20, adjoint: BacksolveAdjoint() }],
  ])("%s", async (_, more) => {
    const options = { ...chaos, ...more };
    const solve = diffeqsolve as unknown as (...given: unknown[]) => Solution;
    const solveAsync = diffeqsolveAsync as unknown as (...given: unknown[]) => Promise<Solution>;
    const [wanted, got] = [
      solve(lorenz, Tsit5(), options),
      await solveAsync(lorenz, Tsit5(), options),
    ];
    const shown = ({ evaluate: _e, derivative: _d, interpolation, ...rest }: Solution): object => ({
      ...rest,
      dense: interpolation && [interpolation.ts, interpolation.infos],
    });
    expect(shown(got)).toEqual(shown(wanted));
  });

  test("however short its bursts are, down to single steps", async () => {
    const options = { ...chaos, t1: 20, saveat: { steps: true } } as const;
    const got = await diffeqsolveAsync(lorenz, Tsit5(), { ...options, budgetMs });
    expect(got.ys).toEqual(diffeqsolve(lorenz, Tsit5(), options).ys);
  });

  test("of an implicit solver, of a field that is called back, and of one on tensors", async () => {
    const stiff = {
      t0: 0,
      t1: 100,
      dt0: null,
      y0: [2, 0],
      args: 100,
      stepsizeController: adaptive,
    };
    const oscillator = (t: number, [x, v]: readonly number[], mu: number) => [
      v!,
      mu * (1 - x! * x!) * v! - x!,
    ];
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const gain = { value: 1 };
    const calledBack = (t: number, y: number) => -gain.value * y;
    const onTensors = traced((t: unknown, y: number) => np.neg(y));
    const short = { t0: 0, t1: 1, dt0: 0.01, y0: 1 };
    expect((await diffeqsolveAsync(oscillator as never, Kvaerno5(), stiff)).ys).toEqual(
      diffeqsolve(oscillator as never, Kvaerno5(), stiff).ys,
    );
    for (const field of [calledBack, onTensors]) {
      expect((await diffeqsolveAsync(field as never, Tsit5(), short)).ys).toEqual(
        diffeqsolve(field as never, Tsit5(), short).ys,
      );
    }
    expect(warn.mock.calls).toEqual([[expect.stringContaining("`gain`")]]);
  });
});

describe("an AbortSignal", () => {
  test("rejects with its reason, and what was solved so far is its solution", async () => {
    const controller = new AbortController();
    const solving = diffeqsolveAsync(lorenz, Tsit5(), {
      ...chaos,
      saveat: { steps: true },
      signal: controller.signal,
      budgetMs,
      onProgress: (_, { numSteps }) => {
        if (numSteps === 100) controller.abort();
      },
    });
    const error = await rejection(solving);
    expect(error).toBe(controller.signal.reason);
    expect((error as Error).name).toBe("AbortError");
    const { solution } = error as AbortedSolve;
    expect(solution!.result).toBe("interrupted");
    expect(solution!.stats.numSteps).toBe(100);
    const options = { ...chaos, maxSteps: 100, throw: false, saveat: { steps: true } } as const;
    expect(solution!.ys).toEqual(diffeqsolve(lorenz, Tsit5(), options).ys);
  });

  test("that was aborted before: nothing is solved, and there is no solution", async () => {
    const reason = new Error("too late");
    const signal = AbortSignal.abort(reason);
    const error = await rejection(
      diffeqsolveAsync(() => expect.unreachable(), Tsit5(), { ...chaos, y0: 1, signal }),
    );
    expect(error).toBe(reason);
    expect((error as AbortedSolve).solution).toBeNull();
  });

  test.each([1, 50])("that times out, after %i ms", async (ms) => {
    const signal = AbortSignal.timeout(ms);
    const endless = { ...chaos, t1: 1e9, signal };
    const error = await rejection(diffeqsolveAsync(lorenz, Tsit5(), endless));
    expect((error as Error).name).toBe("TimeoutError");
    expect((error as AbortedSolve).solution!.result).toBe("interrupted");
  });

  test("that was aborted before the first step: there is one then, which may be the last", async () => {
    const early = async (t1: number) => {
      const controller = new AbortController();
      const { signal } = controller;
      const solving = rejection(
        diffeqsolveAsync((t, y) => -y, Tsit5(), { t0: 0, t1, dt0: 0.1, y0: 1, signal }),
      );
      controller.abort();
      return ((await solving) as AbortedSolve).solution!;
    };
    const [some, all] = [await early(1), await early(0.1)];
    expect([some.result, some.stats.numSteps]).toEqual(["interrupted", 1]);
    expect([all.result, all.stats.numSteps]).toEqual(["successful", 1]);
  });

  test("of several solves: each has a solution of its own", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const solving = [1, 2, 3].map((y0) =>
      rejection(diffeqsolveAsync(lorenz, Tsit5(), { ...chaos, t1: 1e9, y0: [y0, 1, 1], signal })),
    );
    setTimeout(() => controller.abort(), 5);
    const errors = (await Promise.all(solving)) as (AbortedSolve & Error)[];
    expect(errors.map(({ name }) => name)).toEqual(Array(3).fill("AbortError"));
    const ends = errors.map(({ solution }) => String((solution!.ys as readonly unknown[])[0]));
    expect(new Set(ends).size).toBe(3);
  });

  test("whose reason is no object is the cause of an error", async () => {
    const error = await rejection(
      diffeqsolveAsync(lorenz, Tsit5(), { ...chaos, signal: AbortSignal.abort("enough") }),
    );
    expect(error).toMatchObject({ cause: "enough", message: "the solve was stopped: enough" });
  });
});

describe("while a solve runs", () => {
  test("the event loop turns, and a timer is not held up", async () => {
    const order: string[] = [];
    setTimeout(() => order.push("timer"), 1);
    await diffeqsolveAsync(lorenz, Tsit5(), { ...chaos, t1: 20, budgetMs });
    order.push("solve");
    expect(order).toEqual(["timer", "solve"]);
  });

  test("progress never decreases, and ends with 1", async () => {
    const seen: number[] = [];
    const times: number[] = [];
    const onProgress = (progress: number, { t }: { readonly t: number }): void => {
      seen.push(progress);
      times.push(t);
    };
    const options = { ...chaos, t0: 5, t1: -5, dt0: -0.01, y0: 1, budgetMs, onProgress };
    const { stats } = await diffeqsolveAsync((t, y) => y, Tsit5(), options);
    expect(seen.length).toBe(stats.numSteps);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    expect(times.at(-1)).toBe(-5);
    for (const [i, t] of times.entries()) expect((5 - t) / 10).toBeCloseTo(seen[i]!, 12);
  });

  test("a meter is told, and closed with the result", async () => {
    const told: unknown[] = [];
    const progressMeter = meter({
      update: (progress) => told.push(progress),
      close: (result) => told.push(result),
    });
    await diffeqsolveAsync(lorenz, Tsit5(), { ...chaos, t1: 1, budgetMs, progressMeter });
    expect(told.length).toBeGreaterThan(10);
    expect(told.slice(-2)).toEqual([1, "successful"]);
  });

  test("others may run, each with its own numbers", async () => {
    const alone = [1, 2, 3].map((x) => diffeqsolve(lorenz, Tsit5(), { ...chaos, y0: [x, 1, 1] }));
    const together = await Promise.all(
      [1, 2, 3].map((x) =>
        diffeqsolveAsync(lorenz, Tsit5(), { ...chaos, y0: [x, 1, 1], budgetMs: 0.1 }),
      ),
    );
    expect(together.map(({ ys }) => ys)).toEqual(alone.map(({ ys }) => ys));
  });

  test("another may be started by a function that it calls", async () => {
    const inner: Promise<Solution<unknown>>[] = [];
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const field = (t: number, y: number): number => {
      if (inner.length < 3) inner.push(diffeqsolveAsync(lorenz, Tsit5(), { ...chaos, t1: 10 }));
      return -y;
    };
    const { ys } = await diffeqsolveAsync(field, Tsit5(), { t0: 0, t1: 1, dt0: 0.01, y0: 1 });
    expect(ys.at(0).item()).toBeCloseTo(Math.exp(-1), 9);
    const wanted = diffeqsolve(lorenz, Tsit5(), { ...chaos, t1: 10 });
    for (const solution of await Promise.all(inner)) expect(solution.ys).toEqual(wanted.ys);
    expect(warn.mock.calls).toEqual([[expect.stringContaining("called")]]);
  });

  test("arrays that it was given may change: they were read when it was called", async () => {
    const y0 = new Float64Array([1, 2]);
    const solving = diffeqsolveAsync((t, [x, y]) => [-x!, -y!], Tsit5(), {
      ...chaos,
      t1: 1,
      y0,
    });
    y0.fill(100);
    const wanted = diffeqsolve((t, [x, y]) => [-x!, -y!], Tsit5(), {
      ...chaos,
      t1: 1,
      y0: new Float64Array([1, 2]),
    });
    expect((await solving).ys).toEqual(wanted.ys);
  });
});

describe("nothing is left of a solve", () => {
  const thrown = new Error("enough");
  const fail = (): never => {
    throw thrown;
  };
  test.each<[string, Record<string, unknown>]>([
    ["that was aborted", { signal: "on the way" }],
    ["whose onProgress throws", { onProgress: fail }],
    ["whose meter throws", { progressMeter: meter({ update: fail }) }],
    ["whose meter does not start", { progressMeter: meter({ start: fail }) }],
    ["whose meter cannot be closed", { progressMeter: meter({ close: fail }) }],
    ["whose field throws", { field: fail }],
  ])("%s, 10 000 times", async (_, { signal, field, ...more }) => {
    const before = memoryUse();
    const base = { ...chaos, t1: 1e9, budgetMs, ...more };
    for (let i = 0; i < 100; i++) {
      const solving = Array.from({ length: 100 }, () => {
        const controller = new AbortController();
        const options = { ...base, y0: 1, ...(signal ? { signal: controller.signal } : {}) };
        const decay = (t: number, y: number): number => -1e-6 * y;
        const calls = field === undefined ? decay : (t: number, y: number): number => y + fail();
        const solving = rejection(
          diffeqsolveAsync(calls, Tsit5(), { ...options, args: undefined }),
        );
        if (signal !== undefined) setImmediate(() => controller.abort(thrown));
        return solving;
      });
      expect(new Set(await Promise.all(solving)).size).toBeGreaterThan(0);
    }
    expect(memoryUse().bytesInUse).toBe(before.bytesInUse);
    expect(memoryUse().bytes).toBeLessThanOrEqual(Math.max(before.bytes, 4 * 1024 * 1024));
  });
});

describe("prepare", () => {
  test("traces and compiles ahead, for other numbers too", async () => {
    const field = (t: number, y: number, a: number) => -a * y * Math.cos(t);
    const options = { t0: 0, t1: 1, dt0: 0.01, y0: 1, args: 2 };
    const before = inUse();
    expect(prepare(field, Tsit5(), options).prepareMs).toBeGreaterThan(0);
    expect(inUse()).toBe(before);
    checkTraces("never");
    let traces = 0;
    const counted = traced((t: unknown, y: number) => {
      traces++;
      return np.neg(y);
    });
    prepare(counted as never, Tsit5(), { ...options, args: undefined });
    const after = traces;
    expect(after).toBeGreaterThan(0);
    await diffeqsolveAsync(counted as never, Tsit5(), { ...options, y0: 3, args: undefined });
    diffeqsolve(counted as never, Tsit5(), { ...options, t1: 2, args: undefined });
    expect(traces).toBe(after);
  });
});

describe("diffeqsolveAsync refuses", () => {
  const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1 };
  const decay = (t: number, y: number): number => -y;
  test.each<[string, object, string]>([
    ["a budget of 0", { budgetMs: 0 }, "budgetMs must be a number of milliseconds above 0, got 0"],
    [
      "a budget that is none",
      { budgetMs: Number.NaN },
      "budgetMs must be a number of milliseconds",
    ],
    ["a budget as text", { budgetMs: "8" }, 'got "8"'],
    ["an AbortController", { signal: new AbortController() }, "signal must be an AbortSignal"],
    ["progress that is no function", { onProgress: 3 }, "onProgress must be a function"],
    ["another option", { onprogress: () => 0 }, "there is no option onprogress"],
    ["what diffeqsolve refuses", { t1: Number.NaN }, "t1 must be finite"],
  ])("%s", async (_, wrong, message) => {
    const error = await rejection(
      diffeqsolveAsync(decay as never, Tsit5(), { ...options, ...wrong } as never),
    );
    expect(String(error)).toContain(message);
  });

  test("no options, and a solve that fails", async () => {
    expect(
      String(await rejection(diffeqsolveAsync(decay as never, Tsit5(), undefined as never))),
    ).toMatch("expected options such as { t0");
    const short = { ...options, maxSteps: 3 };
    expect(String(await rejection(diffeqsolveAsync(decay, Tsit5(), short)))).toContain(
      "The maximum number of solver steps was reached",
    );
    const { result } = await diffeqsolveAsync(decay, Tsit5(), { ...short, throw: false });
    expect(result).toBe("maxStepsReached");
  });

  test("to run inside of a traced function", async () => {
    let rejected: Promise<unknown> | undefined;
    jit((y0: Scalar) => {
      rejected = rejection(
        diffeqsolveAsync(decay, Tsit5(), { ...options, y0: y0 as unknown as number }),
      );
      return y0;
    })(1);
    expect(String(await rejected)).toContain("write diffeqsolve there");
  });
});

interface Told {
  readonly start?: () => void;
  readonly update?: (progress: number) => void;
  readonly close?: (result: string | null) => void;
}

/** A meter that tells what it is told. */
function meter({ start, update, close }: Told): ProgressMeter {
  return {
    kind: "told",
    start() {
      start?.();
      return { update: (progress) => update?.(progress), close: (result) => close?.(result) };
    },
  } as ProgressMeter;
}
