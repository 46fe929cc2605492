// Solves that let a page go on, in the page and under its policy. How long the page waits is measured by tooling/browser/blocks.mjs.
import {
  type AbortedSolve,
  diffeqsolve,
  diffeqsolveAsync,
  diffeqsolveStream,
  integrator,
  Kvaerno5,
  PIDController,
  Tsit5,
} from "@diffrax-ts/core";
import { expect, test } from "vitest";

const stepsizeController = PIDController({ rtol: 1e-8, atol: 1e-8 });
const lorenz = (t: number, [x, y, z]: readonly [number, number, number], rho: number) =>
  [10 * (y - x), x * (rho - z) - y, x * y - (8 / 3) * z] as const;
const chaos = {
  t0: 0,
  t1: 200,
  dt0: 0.01,
  y0: [1, 1, 1],
  args: 28,
  maxSteps: null,
  stepsizeController,
} as const;

/** Bursts of one step. */
const budgetMs = 1e-6;

test("diffeqsolveAsync gives the bits of diffeqsolve, tells of its progress, and timers go on meanwhile", async () => {
  const order: string[] = [];
  setTimeout(() => order.push("timer"), 1);
  const seen: number[] = [];
  const onProgress = (progress: number) => void seen.push(progress);
  const { ys } = await diffeqsolveAsync(lorenz, Tsit5(), { ...chaos, budgetMs: 1, onProgress });
  order.push("solve");
  expect(order).toEqual(["timer", "solve"]);
  expect(seen.at(-1)).toBe(1);
  expect(String(ys)).toBe(String(diffeqsolve(lorenz, Tsit5(), chaos).ys));
});

test("an AbortSignal stops it, and what was solved so far is there", async () => {
  const controller = new AbortController();
  const onProgress = (): void => controller.abort();
  const options = { ...chaos, budgetMs, signal: controller.signal, onProgress };
  const error = await diffeqsolveAsync(lorenz, Tsit5(), options).then(
    () => null,
    (reason: unknown) => reason as AbortedSolve & Error,
  );
  expect(error?.name).toBe("AbortError");
  expect(error?.solution?.result).toBe("interrupted");
});

test("a stiff integrator that is saved and taken up has the bits of one that is not", async () => {
  const oscillator = (t: number, [x, v]: readonly [number, number], mu: number) =>
    [v, mu * (1 - x * x) * v - x] as const;
  const options = { ...chaos, dt0: null, y0: [2, 0], args: 50 } as const;
  const live = integrator(oscillator, Kvaerno5(), options);
  await live.advance({ until: 80 });
  const saved = JSON.stringify(live);
  const other = integrator.fromJSON(saved, oscillator, Kvaerno5(), options);
  await live.advance();
  await other.advance({ budgetMs: 1 });
  expect(String(other.y)).toBe(String(live.y));
  expect(String(live.y)).toBe(
    String(diffeqsolve(oscillator, Kvaerno5(), options).ys.map((y) => y.at(0))),
  );
});

test("a stream is a ReadableStream of the page", async () => {
  const stream = diffeqsolveStream(lorenz, Tsit5(), { ...chaos, t1: 20, saveat: { steps: true } });
  expect(stream instanceof ReadableStream).toBe(true);
  let rows = 0;
  await (stream as ReadableStream<{ ts: { length: number } }>).pipeTo(
    new WritableStream({ write: ({ ts }) => void (rows += ts.length) }),
  );
  const { stats } = await stream.solution;
  expect(rows).toBe(stats.numAcceptedSteps);
});
