import { jit, linearInterpolation, np, vmap } from "@diffrax-ts/core";
import { type Key, key, split } from "@diffrax-ts/random";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { type Paths, paths, seen } from "../data.ts";
import { clipped, makeDiscriminator, score } from "../discriminator.ts";
import { generate, makeGenerator } from "../generator.ts";
import { distance, quantile } from "../sorted.ts";
import { loss, train } from "../train.ts";

const ts = np.linspace(0, 15, 16);

test("npm run example -- neural-sde --quick prints distances, and draws paths of both kinds", async () => {
  const { status, stdout, stderr, svg } = await runExample("neural-sde", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout.match(/^after +\d+ steps {3}distance \d\.\d{3}$/gm)).toHaveLength(5);
  expect(svg).toContain(">generated</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("paths have the means and the spreads of their equation, but for their scale", () => {
  const size = 4000;
  const all = paths(ts, size, key(0));
  expect(np.std(all).item()).toBeCloseTo(1, 12);
  // m' = 0.35 t − 0.42 m from 0, and v' = (0.11 t)² − 0.84 v from 1/3
  const a = 0.42;
  const mean = (t: number): number => (0.35 / a) * (t - (1 - Math.exp(-a * t)) / a);
  const variance = (t: number): number => {
    const b = 2 * a;
    const rest = (t * t) / b - (2 * t) / b ** 2 + (2 * (1 - Math.exp(-b * t))) / b ** 3;
    return Math.exp(-b * t) / 3 + 0.11 ** 2 * rest;
  };
  const means = np.mean(all, { axis: 0 });
  const stds = np.std(all, { axis: 0 });
  const scale = means.at(15).item() / mean(15);
  for (const t of [5, 10, 15]) {
    // Steps of 0.025 are wrong by 1 %, and four standard errors of a standard deviation are 4.5 %.
    expect(Math.abs(means.at(t).item() / scale / mean(t) - 1)).toBeLessThan(0.02);
    expect(Math.abs(stds.at(t).item() / scale / Math.sqrt(variance(t)) - 1)).toBeLessThan(0.06);
  }
});

test("seen leaves out three of ten values", () => {
  const all = paths(ts, 500, key(1));
  const some = seen(all, key(2));
  const missing = np.mean(np.astype(np.isNaN(some), "float64")).item();
  expect(Math.abs(missing - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 8000));
});

test("the same key generates the same path, and others another one", () => {
  const generator = makeGenerator(key(3));
  const path = (seed: number): number[] => [...generate(generator, ts, key(seed))];
  expect(path(4)).toEqual(path(4));
  expect(path(4)).not.toEqual(path(5));
  expect(path(4)).toHaveLength(16);
});

test("a score depends on all of a path, and weights that are clipped stay so", () => {
  const discriminator = clipped(makeDiscriminator(key(6)));
  expect(clipped(discriminator)).toEqual(discriminator);
  for (const { weight } of discriminator.diffusion.network.layers)
    expect(np.max(np.abs(weight)).item()).toBeLessThanOrEqual(1 / weight.shape[0]!);
  const path = np.sin(ts);
  const scores = [0, 7, 15].map((i) => {
    const change = np.where(np.equal(np.arange(16), i), 1, 0);
    return score(discriminator, ts, np.add(path, change)).item();
  });
  expect(new Set([...scores, score(discriminator, ts, path).item()]).size).toBe(4);
});

test("loss is that of the filled paths, less that of generated ones", () => {
  const generator = makeGenerator(key(7));
  const discriminator = makeDiscriminator(key(8));
  const data = seen(paths(ts, 3, key(9)), key(10));
  const of = (x: Parameters<typeof score>[2]): number => score(discriminator, ts, x).item();
  const fill = { replaceNansAtStart: 0, fillForwardNansAtEnd: true };
  const real = [0, 1, 2].map((i) => of(linearInterpolation(ts, data.at(i), fill)));
  const fake = [...split(key(11), 3)].map((one) => of(generate(generator, ts, one as never)));
  const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b);
  const value = loss({ generator, discriminator }, ts, data, key(11)).item();
  expect(value).toBeCloseTo((sum(real) - sum(fake)) / 3, 13);
});

test("distance is 0 for the same paths in another order, and the shift for shifted ones", () => {
  const one = paths(ts, 100, key(12));
  expect(distance(one, np.flip(one, { axis: 0 }) as Paths)).toBe(0);
  expect(distance(one, np.add(one, 2))).toBeCloseTo(2, 14);
  expect(quantile(one, 0.5).at(3).item()).toBe(
    Float64Array.from(np.slice(one, null, 3)).sort()[50],
  );
});

test("train brings the generator nearer to the data", () => {
  const data = paths(ts, 64, key(13));
  const first = {
    generator: makeGenerator(key(14)),
    discriminator: clipped(makeDiscriminator(key(15))),
  };
  const learningRates = { generator: 2e-3, discriminator: 5e-3 };
  const how = { ts, data, steps: 150, learningRates, batchSize: 16, key: key(16) };
  const { generator } = [...train(first, how)].at(-1)!;
  const away = (of: typeof generator): number => {
    const draw = jit((keys: Key): Paths => vmap((one: Key) => generate(of, ts, one))(keys));
    return distance(draw(split(key(17), 64)), data);
  };
  expect(away(generator)).toBeLessThan(away(first.generator) / 2);
});
