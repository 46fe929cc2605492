import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { diffeqsolve, np, Tsit5, vmap } from "@diffrax-ts/core";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { afterAll, expect, test } from "vitest";
import { Ensemble } from "../src/index.ts";
import { bitsOf, endless, lorenz, states } from "./support/problems.ts";

const pools = [Ensemble({ workers: 0 }), Ensemble({ workers: 2 })] as const;
const [, pool] = pools;
afterAll(async () => {
  for (const one of pools) await one.close();
});

const line = (x: Scalar): Tensor => x.mul(2);

async function errorOf(run: () => unknown): Promise<Error> {
  try {
    await run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("there was no error");
}

test("Ensemble refuses options that are none", () => {
  expect(() => Ensemble({ workers: -1 })).toThrow("workers must be a whole number");
  expect(() => Ensemble({ workers: 1.5 })).toThrow("workers must be a whole number");
  expect(() => Ensemble({ threads: 2 } as never)).toThrow("there is no option threads");
  expect(() => pool.vmap(line, { signal: 3 as never })).toThrow("signal must be an AbortSignal");
  expect(() => pool.vmap(line, { onProgress: 3 as never })).toThrow(
    "onProgress must be a function",
  );
  expect(() => pool.vmap(3 as never)).toThrow("expected a function, got 3");
});

test("what vmap refuses is refused in the same words", async () => {
  const two = (x: Scalar, y: Scalar): Tensor => x.add(y);
  const lengths = () => pool.vmap(two)(new Float64Array(2), new Float64Array(3));
  await expect(lengths()).rejects.toThrow(
    "Ensemble.vmap: arguments[1] has 3 elements along the batch, others have 2",
  );
  await expect(pool.vmap(line)(1)).rejects.toThrow("has shape [] and no axis 0");
  await expect(pool.vmap(line, { inAxes: null })(1)).rejects.toThrow("nothing is batched");
});

test("a solve that fails throws what it throws on one thread, that of the first element that fails", async () => {
  const short = (y0: Scalar): Tensor =>
    diffeqsolve((t, y) => y, Tsit5(), { t0: 0, t1: y0, dt0: 0.1, y0: 1, maxSteps: 16 }).ys;
  const y0 = np.linspace(0.1, 5, 100);
  const expected = await errorOf(() => vmap(short)(y0));
  for (const one of pools) {
    const error = await errorOf(() => one.vmap(short)(y0));
    expect([error.constructor, error.message]).toEqual([expected.constructor, expected.message]);
  }
  // And nothing is left of it.
  expect(bitsOf(await pool.vmap(lorenz)(states(9)))).toBe(bitsOf(vmap(lorenz)(states(9))));
});

test("a field that is called back is refused, and the error says why it cannot be read", async () => {
  const scale = { of: 3 };
  const field = (t: number, y: number): number => Object.values(scale)[0]! * y;
  const f = (y0: Scalar): Tensor => diffeqsolve(field, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0 }).ys;
  await expect(pool.vmap(f)(np.linspace(0, 1, 4))).rejects.toThrow(
    /^Ensemble\.vmap: .* is in this thread alone, and cannot run in another/s,
  );
});

test("a pool cannot be asked within a traced function", async () => {
  const asked: Promise<unknown>[] = [];
  vmap((x: Scalar) => {
    asked.push(
      pool
        .vmap(line)(np.stack([x, x]))
        .catch((error: unknown) => error),
    );
    return x;
  })(Float64Array.of(1));
  expect(String(await asked[0])).toContain("cannot be part of a trace");
});

test("a signal that is aborted before stops it with its reason", async () => {
  for (const one of pools) {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(one.vmap(line, { signal })(Float64Array.of(1))).rejects.toThrow("enough");
  }
});

test("a signal stops a solve in the midst of it, and the pool goes on", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const running = pool.vmap(endless, { signal })(Float64Array.of(1, 2, 3));
  const other = pool.vmap(line)(Float64Array.of(1, 2));
  setTimeout(() => controller.abort(new Error("enough")), 300);
  await expect(running).rejects.toThrow("enough");
  expect([...(await other)]).toEqual([2, 4]);
  expect([...(await pool.vmap(line)(Float64Array.of(3, 4)))]).toEqual([6, 8]);
});

test("an onProgress that throws stops it", async () => {
  const onProgress = (): void => {
    throw new Error("no more");
  };
  await expect(pool.vmap(line, { onProgress })(Float64Array.of(1))).rejects.toThrow("no more");
});

test("a pool that is closed says so, to those that run too", async () => {
  for (const workers of [0, 2]) {
    const own = Ensemble({ workers });
    await own.close();
    await expect(own.vmap(line)(Float64Array.of(1))).rejects.toThrow("the pool is closed");
    await own.close();
  }
  const own = Ensemble({ workers: 1 });
  const running = errorOf(() => own.vmap(endless)(Float64Array.of(1)));
  await new Promise((resolve) => setTimeout(resolve, 200));
  await own.close();
  expect(String(await running)).toContain("the pool is closed");
});

test("await using closes it", async () => {
  let own: Ensemble;
  {
    await using scoped = Ensemble({ workers: 1 });
    own = scoped;
    expect([...(await scoped.vmap(line)(Float64Array.of(1)))]).toEqual([2]);
  }
  await expect(own.vmap(line)(Float64Array.of(1))).rejects.toThrow("the pool is closed");
});

test.for([
  ["./support/ends.mjs", "it ended with code 3"],
  ["./support/throws.mjs", "unforeseen"],
  ["./support/missing.mjs", "missing.mjs"],
])("a worker that dies is an error and no end of waiting: %s", async ([script, message]) => {
  const own = Ensemble({ workers: 2, workerUrl: new URL(script!, import.meta.url) });
  for (let i = 0; i < 2; i++) {
    await expect(own.vmap(line)(np.linspace(0, 1, 100))).rejects.toThrow(
      new RegExp(`^Ensemble: a worker ended before its work was done: .*${message}`, "s"),
    );
  }
  await own.close();
});

test("a process ends though its pool is open", () => {
  const script = `
    import { Ensemble } from "@diffrax-ts/ensemble";
    const pool = Ensemble({ workers: 2 });
    console.log([...(await pool.vmap((x) => x.mul(2))(Float64Array.of(1, 2)))].join());`;
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "-e", script],
    { cwd, encoding: "utf8", timeout: 60_000 },
  );
  expect([stdout, status, stderr]).toEqual(["2,4\n", 0, ""]);
});
