import { diffeqsolve, np, Tsit5 } from "@diffrax-ts/core";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { afterAll, expect, test } from "vitest";
import { Ensemble } from "../src/index.ts";
import { bitsOf } from "./support/problems.ts";

const pool = Ensemble({ workers: 2 });
afterAll(() => pool.close());

interface Rates {
  readonly a: Scalar;
  readonly b: Scalar;
}
const decay = ({ a, b }: Rates): { readonly y: Tensor; readonly sum: Scalar } => {
  const { ys } = diffeqsolve((t, y, [a, b]) => -a * y + b, Tsit5(), {
    t0: 0,
    t1: 1,
    dt0: 0.1,
    y0: 1,
    args: [a, b],
  });
  return { y: ys, sum: a.add(b) };
};

test("map(f, items) is what f gives for each item", async () => {
  const items = Array.from({ length: 40 }, (_, i) => ({ a: i / 10, b: 1 / (1 + i) }));
  const results = await pool.map(decay, items);
  expect(results).toHaveLength(40);
  for (const [i, { a, b }] of items.entries()) {
    const { y, sum } = decay({ a: np.tensor(a), b: np.tensor(b) });
    expect(bitsOf(results[i]!.y, results[i]!.sum)).toBe(bitsOf(y, sum));
  }
});

test("map(f, items) takes typed arrays in items, and an array of numbers for items", async () => {
  const lengths = await pool.map(
    (x: Tensor<readonly [number]>) => np.sum(x),
    [Float64Array.of(1, 2), Float64Array.of(3, 4)],
  );
  expect(lengths.map((x) => x.item())).toEqual([3, 7]);
  const squares = await pool.map((x: Scalar) => x.mul(x), Float64Array.of(1, 2, 3));
  expect(squares.map((x) => x.item())).toEqual([1, 4, 9]);
});

test("map(f, []) is empty", async () => {
  expect(await pool.map(decay, [])).toEqual([]);
});

test("map(f, items) names the item that is unlike the first", async () => {
  const other = { a: 1 } as unknown as { a: number; b: number };
  await expect(pool.map(decay, [{ a: 1, b: 2 }, other])).rejects.toThrow(/items\[1\]/);
  const f = (x: Tensor<readonly [number]>): Tensor => np.sum(x);
  await expect(pool.map(f, [Float64Array.of(1), Float64Array.of(1, 2)])).rejects.toThrow(
    "items[1]: expected float64[1] as in items[0], got float64[2]",
  );
});
