// Threads give the bits of one thread. The workers run what was built, dist/worker.js.
import { np, vmap, whileLoop } from "@diffrax-ts/core";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { Ensemble } from "../src/index.ts";
import { bitsOf, lorenz, states } from "./support/problems.ts";

const pools = {
  "no worker": Ensemble({ workers: 0 }),
  "one worker": Ensemble({ workers: 1 }),
  "two workers": Ensemble({ workers: 2 }),
  "three workers without shared memory": Ensemble({ workers: 3, sharedMemory: false }),
};
afterAll(async () => {
  for (const pool of Object.values(pools)) await pool.close();
});

type Vector = Tensor<readonly [number]>;

/** Without a loop: elements are computed side by side. Results of every dtype, and one that is the same for all. */
const straight = (x: Vector, k: Scalar): readonly Tensor[] => [
  np.sin(x).mul(k),
  np.sum(x),
  np.greater(x, k),
  np.astype(x, "float32"),
  np.astype(np.floor(x), "int32"),
  k.mul(2),
];

/** With a loop of another number of turns for each element. */
const turning = (x: Vector, k: Scalar): readonly Tensor[] => [
  whileLoop(
    (s: Scalar) => np.less(s, 100),
    (s: Scalar) => s.mul(1.5).add(1),
    np.abs(np.sum(x)),
  ),
  x.mul(k),
];

describe.for(Object.entries(pools))("vmap with %s has the bits of one thread", ([, pool]) => {
  test("for solves", async () => {
    for (const n of [1, 3, 100, 2500]) {
      const y0 = states(n);
      expect(bitsOf(await pool.vmap(lorenz)(y0))).toBe(bitsOf(vmap(lorenz)(y0)));
    }
  });

  test.for([straight, turning])("for batches of any length: %s", async (f) => {
    const one = vmap(f, { inAxes: [0, null] });
    const many = pool.vmap(f, { inAxes: [0, null] });
    const batch = fc
      .tuple(fc.integer({ min: 0, max: 200 }), fc.double({ min: -9, max: 9, noNaN: true }))
      .map(([n, k]) => ({ x: np.reshape(np.linspace(-k, 7, 3 * n), [n, 3]), k }));
    await fc.assert(
      fc.asyncProperty(batch, async ({ x, k }) => {
        expect(bitsOf(...(await many(x, k)))).toBe(bitsOf(...one(x, k)));
      }),
      { numRuns: 20 },
    );
  });
});

const pool = pools["two workers"];

test("a large batch is cut into more portions than one", async () => {
  const x = np.linspace(0, 1, 100_003);
  const f = (x: Scalar): Scalar => np.exp(x.mul(x));
  expect(bitsOf(await pool.vmap(f)(x))).toBe(bitsOf(vmap(f)(x)));
});

test("vmap takes the axes that vmap takes: one for each leaf, from either end, and views", async () => {
  const x = np.reshape(np.linspace(0, 1, 12), [3, 4]);
  const f = ({ a, b }: { a: Vector; b: Vector }, k: Scalar): Tensor => np.sum(a.mul(b)).mul(k);
  const options = { inAxes: [{ a: 1, b: -1 }, null] } as const;
  const both = { a: x, b: x };
  expect(bitsOf(await pool.vmap(f, options)(both, 2))).toBe(bitsOf(vmap(f, options)(both, 2)));
  const turned = np.transpose(x);
  const first = { inAxes: [0, null] } as const;
  const rows = { a: turned, b: turned };
  expect(bitsOf(await pool.vmap(f, first)(rows, 2))).toBe(bitsOf(vmap(f, first)(rows, 2)));
});

test("what a function closes over is a constant in all threads", async () => {
  const table = np.linspace(0, 1, 1000);
  const f = (x: Scalar): Tensor => np.sum(table.mul(x));
  const x = np.linspace(0, 1, 50);
  expect(bitsOf(await pool.vmap(f)(x))).toBe(bitsOf(vmap(f)(x)));
});

test("several batches of several functions run at the same time", async () => {
  const fs = [1, 2, 3].map((k) => (x: Scalar) => np.cos(x.mul(k)));
  const x = np.linspace(0, 1, 5000);
  const results = await Promise.all(fs.map((f) => pool.vmap(f)(x)));
  expect(results.map((y) => bitsOf(y))).toEqual(fs.map((f) => bitsOf(vmap(f)(x))));
});

test("a batch of nothing gives nothing", async () => {
  const y = await pool.vmap(lorenz)(states(0));
  expect(y.shape).toEqual([0, 1]);
});

test("onProgress rises to 1, and is told once for each part that is done", async () => {
  const seen: number[] = [];
  await pool.vmap(lorenz, { onProgress: (progress) => void seen.push(progress) })(states(100));
  expect(seen.length).toBeGreaterThan(1);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(1);
});
