// Solves whose rows go by.
import { memoryUse } from "@diffrax-ts/compiler";
import {
  type AbortedSolve,
  diffeqsolve,
  diffeqsolveStream,
  Event,
  jit,
  Kvaerno5,
  np,
  PIDController,
  type Scalar,
  type Solution,
  type SolveChunk,
  type SolveStream,
  type Tensor,
  Tsit5,
} from "@diffrax-ts/core";
import type { ProgressMeter } from "@diffrax-ts/protocol";
import { describe, expect, test, vi } from "vitest";
import { budgetMs, chaos, lorenz } from "./support/chaos.ts";

const inUse = (): number => memoryUse().bytesInUse;

/** Without the types, which the cases of a table do not share. */
const stream = diffeqsolveStream as unknown as (...given: readonly unknown[]) => SolveStream;
const solve = diffeqsolve as unknown as (...given: readonly unknown[]) => Solution<unknown>;

/** All leaves of a tree, in order, as lists of numbers. */
function numbersIn(tree: unknown): number[][] {
  if (tree === null) return [];
  if (Array.isArray(tree)) return tree.flatMap(numbersIn);
  const x = tree as Tensor<readonly [number]>;
  if (typeof x.toArray === "function") return [Array.from(x.data, Number)];
  return Object.values(tree as object).flatMap(numbersIn);
}

/** The rows of all chunks, one after the other. */
async function collected(chunks: AsyncIterable<SolveChunk>) {
  const all: { ts: number[][]; ys: number[][] } = { ts: [], ys: [] };
  let count = 0;
  for await (const { ts, ys } of chunks) {
    count++;
    for (const [name, tree] of [
      ["ts", ts],
      ["ys", ys],
    ] as const)
      for (const [i, part] of numbersIn(tree).entries()) (all[name][i] ??= []).push(...part);
  }
  return { ...all, count };
}

const decay = (t: number, y: number): number => -y;
const oscillator = (t: number, [x, v]: readonly [number, number], mu: number) =>
  [v, mu * (1 - x * x) * v - x] as const;

const cases: readonly (readonly [string, readonly [unknown, unknown, object]])[] = [
  ["the end", [lorenz, Tsit5(), chaos]],
  ["steps", [lorenz, Tsit5(), { ...chaos, saveat: { steps: true, t0: true } }]],
  [
    "every third step, and the end",
    [lorenz, Tsit5(), { ...chaos, saveat: { steps: 3, t1: true } }],
  ],
  [
    "what a function makes of steps",
    [
      lorenz,
      Tsit5(),
      {
        ...chaos,
        saveat: { steps: true, fn: (t: number, y: readonly number[]) => ({ t, s: y[0]! + y[1]! }) },
      },
    ],
  ],
  ["times", [lorenz, Tsit5(), { ...chaos, saveat: { ts: np.linspace(0, 20, 9999) } }]],
  [
    "as many times as there is room for",
    [
      decay,
      Tsit5(),
      { ...chaos, t1: 1, y0: 1, args: undefined, saveat: { ts: np.linspace(0, 1, 4096) } },
    ],
  ],
  [
    "as many times as there is room for twice, in few steps",
    [
      decay,
      Tsit5(),
      {
        ...chaos,
        t1: 1,
        y0: 1,
        args: undefined,
        saveat: { ts: np.linspace(0, 1, 8192), t0: true, t1: true },
      },
    ],
  ],
  [
    "times that are equal",
    [
      decay,
      Tsit5(),
      {
        ...chaos,
        t1: 1,
        y0: 1,
        args: undefined,
        saveat: { ts: new Float64Array(10_000).fill(0.5) },
      },
    ],
  ],
  [
    "times and steps, backward",
    [
      decay,
      Tsit5(),
      {
        ...chaos,
        t0: 1,
        t1: -1,
        dt0: -0.1,
        y0: 1,
        args: undefined,
        saveat: { ts: np.linspace(1, -1, 5000), steps: true },
      },
    ],
  ],
  [
    "times in float32",
    [
      decay,
      Tsit5(),
      {
        ...chaos,
        t1: 1,
        y0: np.tensor(1, { dtype: "float32" }),
        args: undefined,
        stepsizeController: PIDController({ rtol: 1e-4, atol: 1e-4 }),
        saveat: { ts: np.linspace(0, 1, 5000) },
      },
    ],
  ],
  [
    "times of an implicit solver",
    [
      oscillator,
      Kvaerno5(),
      {
        ...chaos,
        t1: 100,
        dt0: null,
        y0: [2, 0],
        args: 50,
        saveat: { ts: np.linspace(0, 100, 7777) },
      },
    ],
  ],
  [
    "a tree of things, each at its own times",
    [
      lorenz,
      Tsit5(),
      {
        ...chaos,
        saveat: {
          subs: {
            a: { ts: np.linspace(0, 5, 6000) },
            b: [{ steps: true }, { ts: [1, 2, 19], t1: true }],
          },
        },
      },
    ],
  ],
  [
    "until an event",
    [
      lorenz,
      Tsit5(),
      {
        ...chaos,
        saveat: { ts: np.linspace(0, 20, 5000), t1: true },
        event: Event({ condFn: (t: number) => t > 10 }),
      },
    ],
  ],
  [
    "no way at all",
    [
      decay,
      Tsit5(),
      { ...chaos, t1: 0, y0: 1, args: undefined, saveat: { ts: [0, 0], steps: true } },
    ],
  ],
  [
    "no times",
    [decay, Tsit5(), { ...chaos, y0: 1, args: undefined, saveat: { ts: [], t1: true } }],
  ],
];

describe("the chunks of a stream are the rows of diffeqsolve, to the last bit", () => {
  test.each(cases)("%s", async (_, given) => {
    const { ts, ys, stats, result, events } = solve(...given);
    for (const how of [{}, { budgetMs }]) {
      const chunks = stream(given[0], given[1], { ...given[2], ...how });
      const got = await collected(chunks);
      expect(got.ts.filter((part) => part.length > 0)).toEqual(
        numbersIn(ts).filter((part) => part.length > 0),
      );
      expect(got.ys.filter((part) => part.length > 0)).toEqual(
        numbersIn(ys).filter((part) => part.length > 0),
      );
      const solution = await chunks.solution;
      expect([solution.stats, solution.result, solution.events]).toEqual([stats, result, events]);
      expect(numbersIn(solution.ts).flat()).toEqual([]);
    }
    expect(inUse()).toBe(0);
  });

  test("and the values of folds, and what another solve goes on from, are those of its solution", async () => {
    const saveat = {
      subs: [
        {
          init: 0,
          update: (acc: number, t: number, y: readonly number[]) => acc + y[0]!,
          at: "steps",
        },
        { steps: true },
      ],
      controllerState: true,
    } as const;
    const chunks = stream(lorenz, Tsit5(), { ...chaos, saveat });
    await collected(chunks);
    const wanted = solve(lorenz, Tsit5(), { ...chaos, saveat });
    const { ys, controllerState } = await chunks.solution;
    expect((ys as readonly unknown[])[0]).toEqual((wanted.ys as readonly unknown[])[0]);
    expect(controllerState).toEqual(wanted.controllerState);
  });
});

describe("a stream", () => {
  test("is an async iterator, with results as soon as they are asked for", async () => {
    const chunks = diffeqsolveStream(lorenz, Tsit5(), {
      ...chaos,
      saveat: { steps: true },
      budgetMs,
    });
    const { value } = await chunks.next();
    expect(value!.ys[0].length).toBe(1);
    expect(value!.t).toBe(value!.ts.at(0).item());
    expect(value!.numSteps).toBeLessThan(5);
    await chunks.return!();
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
    expect(inUse()).toBe(0);
  });

  test("is a web stream, that can be piped", async () => {
    const times: number[] = [];
    const chunks = diffeqsolveStream(lorenz, Tsit5(), { ...chaos, saveat: { steps: true } });
    expect(chunks).toBeInstanceOf(ReadableStream);
    await (chunks as ReadableStream<SolveChunk<Tensor<readonly [number]>>>)
      .pipeThrough(new TransformStream({ transform: ({ ts }, to) => to.enqueue(ts) }))
      .pipeTo(
        new WritableStream({ write: (ts: Tensor<readonly [number]>) => void times.push(...ts) }),
      );
    expect(times).toEqual(
      diffeqsolve(lorenz, Tsit5(), { ...chaos, saveat: { steps: true } }).ts.toArray(),
    );
  });

  test("need not end: its reader ends it", async () => {
    const endless = { ...chaos, t1: Infinity, saveat: { steps: true } } as const;
    let last = 0;
    for await (const { ts } of diffeqsolveStream(lorenz, Tsit5(), endless)) {
      last = ts.at(-1).item();
      if (last > 90) break;
    }
    expect(last).toBeGreaterThan(90);
    expect(inUse()).toBe(0);
    for (const saveat of [undefined, { ts: [1, 2] }])
      expect(() => stream(lorenz, Tsit5(), { ...endless, saveat })).toThrow(
        "rows come for ever only with",
      );
  });

  test("runs no further than its reader wants", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    let calls = 0;
    const field = (t: number, y: number): number => {
      calls++;
      return -y;
    };
    const options = {
      t0: 0,
      t1: 1000,
      dt0: 0.1,
      y0: 1,
      maxSteps: null,
      saveat: { steps: true },
      budgetMs,
    } as const;
    const chunks = diffeqsolveStream(field, Tsit5(), options);
    const reader = (chunks as ReadableStream<SolveChunk>).getReader();
    for (let i = 0; i < 3; i++) await reader.read();
    const before = calls;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls).toBe(before);
    expect(before).toBeLessThan(50);
    await reader.cancel("enough");
    await expect(chunks.solution).rejects.toBe("enough");
    expect(inUse()).toBe(0);
    expect(warn.mock.calls).toEqual([[expect.stringContaining("called")]]);
    warn.mockRestore();
  });

  test("that is aborted fails with the reason, and what was not read yet is in its solution", async () => {
    const controller = new AbortController();
    const chunks = diffeqsolveStream(lorenz, Tsit5(), {
      ...chaos,
      saveat: { steps: true },
      budgetMs,
      signal: controller.signal,
    });
    const reading = (async () => {
      for await (const { numSteps } of chunks) if (numSteps === 50) controller.abort();
    })();
    const error = (await reading.catch((e: unknown) => e)) as AbortedSolve;
    expect(error).toBe(controller.signal.reason);
    expect(error.solution!.stats.numSteps).toBe(50);
    await expect(chunks.solution).rejects.toBe(error);
    expect(inUse()).toBe(0);
    const early = diffeqsolveStream(lorenz, Tsit5(), { ...chaos, signal: controller.signal });
    await expect(early.next()).rejects.toThrow("aborted");
    expect(inUse()).toBe(0);
  });

  test("of a solve that fails gives its rows, and then the error", async () => {
    const options = { ...chaos, maxSteps: 7, saveat: { steps: true } } as const;
    const chunks = diffeqsolveStream(lorenz, Tsit5(), options);
    let rows = 0;
    const reading = (async () => {
      for await (const { ts } of chunks) rows += ts.length;
    })();
    await expect(reading).rejects.toThrow("The maximum number of solver steps was reached");
    expect(rows).toBeGreaterThan(0);
    const quiet = diffeqsolveStream(lorenz, Tsit5(), { ...options, throw: false });
    for await (const { ts } of quiet) rows -= ts.length;
    expect(rows).toBe(0);
    expect((await quiet.solution).result).toBe("maxStepsReached");
  });

  test("tells a meter and a function how far it has come", async () => {
    const told: unknown[] = [];
    const progressMeter = {
      start: () => ({
        update: (x) => void told.push(x),
        close: (result) => void told.push(result),
      }),
    } as ProgressMeter;
    const seen: number[] = [];
    const onProgress = (x: number): void => void seen.push(x);
    const chunks = diffeqsolveStream(lorenz, Tsit5(), {
      ...chaos,
      t1: 1,
      saveat: { steps: true },
      budgetMs,
      progressMeter,
      onProgress,
    });
    await collected(chunks);
    expect(told.slice(-2)).toEqual([1, "successful"]);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });

  test("that is left leaves nothing behind, 10 000 times", async () => {
    const before = inUse();
    const options = { ...chaos, saveat: { ts: np.linspace(0, 20, 5000) }, budgetMs };
    for (let i = 0; i < 2500; i++) {
      const [a, b, c, d] = Array.from({ length: 4 }, () =>
        diffeqsolveStream(lorenz, Tsit5(), options),
      );
      for await (const _ of a!) break;
      await b!.return!();
      await (c as ReadableStream).cancel();
      await d!.next();
      await d!.return!();
    }
    expect(inUse()).toBe(before);
  });

  test("takes no more memory for more rows", async () => {
    const used = async (n: number): Promise<number> => {
      const saveat = { ts: np.linspace(0, 20, n) };
      const chunks = diffeqsolveStream(lorenz, Tsit5(), { ...chaos, saveat });
      let most = inUse();
      for await (const _ of chunks) most = Math.max(most, inUse());
      return most;
    };
    const few = await used(100);
    expect(few).toBeGreaterThan(0);
    expect(await used(1_000_000)).toBe(few);
  });
});

describe("diffeqsolveStream refuses", () => {
  test("dense output, wrong options, and to run inside of a traced function", () => {
    const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1 };
    expect(() => stream(decay, Tsit5(), { ...options, saveat: { dense: true } })).toThrow(
      "diffeqsolveStream: saveat.dense keeps every step",
    );
    expect(() => stream(decay, Tsit5(), { ...options, budgetMs: -1 })).toThrow(
      "diffeqsolveStream: budgetMs must be",
    );
    expect(() => stream(decay, Tsit5(), { ...options, saveat: { ts: [2] } })).toThrow(
      "saveat.ts must lie between",
    );
    expect(() => jit((x: Scalar) => (stream(decay, Tsit5(), options), x))(1)).toThrow(
      "write diffeqsolve there",
    );
    expect(inUse()).toBe(0);
  });
});
