// Web workers of a page, and of a worker, under the policy of the page: no shared memory, so parts of the batch are copied.
import { diffeqsolve, np, PIDController, Tsit5, vmap } from "@diffrax-ts/core";
import { Ensemble } from "@diffrax-ts/ensemble";
import type { Scalar } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";

const workerUrl = "/packages/ensemble/dist/worker.js";
const stepsizeController = PIDController({ rtol: 1e-8, atol: 1e-8 });
const lorenz = (x: Scalar) =>
  diffeqsolve((t, [x, y, z]) => [10 * (y - x), x * (28 - z) - y, x * y - (8 / 3) * z], Tsit5(), {
    t0: 0,
    t1: 1,
    dt0: 0.01,
    y0: [x, 1, 1],
    stepsizeController,
  }).ys;

async function errorOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no error",
    (error: unknown) => String(error),
  );
}

test("vmap in two web workers has the bits of one thread, and tells of its progress", async () => {
  const pool = Ensemble({ workers: 2, workerUrl });
  const y0 = np.linspace(1, 2, 300);
  const seen: number[] = [];
  const onProgress = (progress: number): void => void seen.push(progress);
  const ys = await pool.vmap(lorenz, { onProgress })(y0);
  expect(ys.map((y) => y.toArray())).toEqual(vmap(lorenz)(y0).map((y) => y.toArray()));
  expect(seen.at(-1)).toBe(1);
  await pool.close();
});

test("a gradient has the same bits for one worker, for two and for none", async () => {
  const loss = (k: Scalar, x: Scalar) => np.square(np.tanh(x.mul(k)));
  const x = Float64Array.from({ length: 100 }, (_, i) => Math.sqrt(i));
  const found: unknown[] = [];
  for (const workers of [0, 1, 2]) {
    const pool = Ensemble({ workers, workerUrl });
    found.push(await pool.valueAndGrad(loss)(0.3, x));
    await pool.close();
  }
  expect(found[1]).toEqual(found[0]);
  expect(found[2]).toEqual(found[0]);
});

test("a signal ends a solve in the midst of it, and the pool goes on", async () => {
  const pool = Ensemble({ workers: 1, workerUrl });
  const endless = (x: Scalar) =>
    diffeqsolve((t, y) => 1e-3 * Math.sin(y), Tsit5(), {
      t0: 0,
      t1: 1e7,
      dt0: 0.01,
      y0: x,
      maxSteps: 2_000_000_000,
    }).ys;
  const controller = new AbortController();
  const running = errorOf(pool.vmap(endless, { signal: controller.signal })(Float64Array.of(1, 2)));
  setTimeout(() => controller.abort(new Error("enough")), 200);
  expect(await running).toBe("Error: enough");
  expect([...(await pool.vmap((x: Scalar) => x.mul(2))(Float64Array.of(1, 2)))]).toEqual([2, 4]);
  await pool.close();
  expect(await errorOf(pool.vmap((x: Scalar) => x)(Float64Array.of(1)))).toBe(
    "Error: Ensemble.vmap: the pool is closed; make another with Ensemble()",
  );
});

test("a script of the workers that is not there is an error", async () => {
  const pool = Ensemble({ workers: 2, workerUrl: "/nothing.js" });
  const error = await errorOf(pool.vmap((x: Scalar) => x)(new Float64Array(100)));
  expect(error.startsWith("Error: Ensemble: a worker ended before its work was done: ")).toBe(true);
});
