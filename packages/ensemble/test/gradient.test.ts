import { diffeqsolve, np, Tsit5, valueAndGrad, vmap } from "@diffrax-ts/core";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { afterAll, expect, test } from "vitest";
import { Ensemble } from "../src/index.ts";
import { bitsOf } from "./support/problems.ts";

const pools = [
  Ensemble({ workers: 0 }),
  Ensemble({ workers: 1 }),
  Ensemble({ workers: 2 }),
  Ensemble({ workers: 3, sharedMemory: false }),
];
afterAll(async () => {
  for (const pool of pools) await pool.close();
});

interface Layer {
  readonly w: Tensor;
  readonly b: Tensor;
}
type Network = readonly Layer[];
type Vector = Tensor<readonly [number]>;

const network = (dtype: "float64" | "float32"): { w: Tensor; b: Tensor }[] => [
  { w: np.reshape(np.linspace(-1, 1, 24, { dtype }), [8, 3]), b: np.zeros([8], { dtype }) },
  { w: np.reshape(np.linspace(1, -0.5, 8, { dtype }), [1, 8]), b: np.ones([1], { dtype }) },
];
const loss = (layers: Network, x: Vector, y: Scalar): Tensor => {
  let h: Tensor = x;
  for (const { w, b } of layers) h = np.tanh(np.matmul(w, h).add(b));
  return np.square(h.at(0).sub(y));
};
const total = (layers: Network, x: Tensor, y: Tensor): Scalar =>
  np.mean(vmap(loss, { inAxes: [null, 0, 0] })(layers, x, y));

test.for([1, 5, 31, 33, 100, 1000])(
  "valueAndGrad of a batch of %i examples has the same bits for any number of threads, and is that of the mean",
  async (n) => {
    for (const dtype of ["float64", "float32"] as const) {
      const x = np.reshape(np.linspace(0, 1, 3 * n, { dtype }), [n, 3]);
      const y = np.linspace(1, 0, n, { dtype });
      const results = await Promise.all(
        pools.map((pool) => pool.valueAndGrad(loss)(network(dtype), x as never, y as never)),
      );
      const bits = results.map(({ value, grad }) =>
        bitsOf(value as Tensor, ...grad.flatMap(({ w, b }) => [w, b])),
      );
      expect(new Set(bits).size).toBe(1);
      const { value, grad } = valueAndGrad(total)(network(dtype), x, y);
      // Sums of n terms in another order.
      const tolerance = n * 2 ** (dtype === "float64" ? -52 : -23);
      const found = results[0]!;
      expect(Math.abs((found.value as Tensor).item() - value.item())).toBeLessThan(
        tolerance * (1 + Math.abs(value.item())),
      );
      for (const [i, { w }] of grad.entries())
        expect(np.max(np.abs(w.sub(found.grad[i]!.w))).item()).toBeLessThan(tolerance * 10);
    }
  },
);

/** The squared distance of an exponential decay to a measurement. */
const fit = ({ k, y0 }: { readonly k: Scalar; readonly y0: Scalar }, t: Scalar, y: Scalar) => {
  const { ys } = diffeqsolve((t, y, k) => -k * y, Tsit5(), {
    t0: 0,
    t1: t,
    dt0: 0.05,
    y0,
    args: k,
  });
  return np.square(ys.at(0).sub(y));
};

test("a gradient through solves of different lengths, in numbers for numbers", async () => {
  const t = Float64Array.from({ length: 70 }, (_, i) => 0.1 + i / 50);
  const y = t.map((t) => 2 * Math.exp(-0.7 * t));
  const results = await Promise.all(
    pools.map((pool) => pool.valueAndGrad(fit)({ k: 1, y0: 1.5 }, t, y)),
  );
  for (const result of results) expect(result).toEqual(results[0]);
  const { value, grad } = results[0]!;
  const mean = (p: { k: Scalar; y0: Scalar }): Scalar =>
    np.mean(vmap(fit, { inAxes: [null, 0, 0] })(p, t, y));
  const expected = valueAndGrad(mean)({ k: 1, y0: 1.5 });
  expect(value).toBeCloseTo(expected.value, 12);
  expect(grad.k).toBeCloseTo(expected.grad.k, 12);
  expect(grad.y0).toBeCloseTo(expected.grad.y0, 12);
});

test('reduction: "sum" adds, and inAxes shares arguments and takes other axes', async () => {
  const square = (k: Scalar, x: Tensor<readonly [number]>, c: Scalar): Tensor =>
    np.sum(x).mul(k).mul(c);
  const x = np.reshape(np.linspace(1, 6, 6), [2, 3]);
  const gradient = pools[2]!.grad(square, { inAxes: [null, 1, null], reduction: "sum" });
  expect(await gradient(2, x, 10)).toBe(210);
});

test("grad is told of progress up to 1", async () => {
  const seen: number[] = [];
  const onProgress = (progress: number): void => void seen.push(progress);
  const line = (k: Scalar, x: Scalar): Tensor => k.mul(x);
  await pools[2]!.grad(line, { onProgress })(1, np.linspace(0, 1, 100));
  expect(seen.at(-1)).toBe(1);
});

test("grad names what is wrong", async () => {
  const [, , pool] = pools;
  const line = (k: Scalar, x: Scalar): Tensor => k.mul(x);
  const vector = (k: Scalar, x: Scalar): Tensor => np.stack([k, x]);
  await expect(pool!.grad(line)(1, new Float64Array(0))).rejects.toThrow("the batch is empty");
  await expect(pool!.grad(vector)(1, Float64Array.of(1))).rejects.toThrow(
    "Ensemble.grad: the function has to return one number",
  );
  expect(() => pool!.grad(line, { inAxes: [0, 0] })).toThrow("begins with null");
  expect(() => pool!.grad(line, { reduction: "max" as "sum" })).toThrow('"mean" or "sum"');
  expect(() => pool!.grad(3 as never)).toThrow("expected a function, got 3");
});
