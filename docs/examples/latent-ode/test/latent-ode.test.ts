import { np } from "@diffrax-ts/core";
import { map } from "@diffrax-ts/pytree";
import { key } from "@diffrax-ts/random";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { decode, encode, loss, makeModel } from "../model.ts";
import { oscillators } from "../oscillators.ts";
import { train } from "../train.ts";

test("npm run example -- latent-ode --quick prints losses, and draws paths", async () => {
  const { status, stdout, stderr, svg } = await runExample("latent-ode", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout.match(/^after +\d+ steps {3}loss \d+\.\d\d$/gm)).toHaveLength(5);
  expect(stdout).toMatch(/^of 64 paths not seen before: loss \d+\.\d\d$/m);
  expect(svg).toContain(">untrained</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("oscillators are seen at increasing times up to 3, and keep x² + 1.3 y² but for what dies away", () => {
  const { ts, ys } = oscillators(50, key(1));
  expect(ts.shape).toEqual([50, 20]);
  expect(ys.shape).toEqual([50, 20, 2]);
  expect(np.min(np.diff(ts, { axis: 1 })).item()).toBeGreaterThan(0);
  expect(np.min(ts).item()).toBeGreaterThan(0);
  expect(np.max(ts).item()).toBeLessThan(3);
  const energy = np.sum(np.mul(np.square(ys), Float64Array.of(1, 1.3)), { axis: 2 });
  const kept = np.mul(energy, np.exp(ts.mul(0.2)));
  const drift = np.div(kept, np.slice(kept, null, [0, 1])).sub(1);
  expect(np.max(np.abs(drift)).item()).toBeLessThan(0.1 ** 4); // steps of 0.1, and order 4 within one
});

test("encode reads a path from its end to its start", () => {
  const model = makeModel(key(2));
  const { ts, ys } = oscillators(1, key(3));
  const [times, path] = [ts.at(0), ys.at(0)];
  const far = np.concatenate([np.slice(path, [0, -1]), np.full([1, 2], 100)]);
  const near = np.concatenate([np.full([1, 2], 100), np.slice(path, [1])]);
  const change = (other: typeof path): number => {
    const [one, two] = [path, other].map((of) => encode(model, times, of).mean);
    return np.max(np.abs(np.sub(one!, two!))).item();
  };
  expect(change(far)).toBeGreaterThan(0);
  expect(change(near)).toBeGreaterThan(10 * change(far)); // what was read last counts most
});

test("loss is half the squared distance for encodings that are standard normal and a path that is decoded as zero", () => {
  const model = makeModel(key(4));
  const blank = {
    ...model,
    hiddenToLatent: map((x) => np.zerosLike(x), model.hiddenToLatent),
    hiddenToData: map((x) => np.zerosLike(x), model.hiddenToData),
  };
  const data = oscillators(3, key(5));
  expect(np.max(np.abs(decode(blank, data.ts.at(0), np.ones(16)))).item()).toBe(0);
  const expected = np.sum(np.square(data.ys)).item() / 2 / 3;
  expect(loss(blank, data, key(6)).item()).toBeCloseTo(expected, 12);
});

test("train comes nearer to its paths", () => {
  const data = oscillators(64, key(7));
  const how = { data, steps: 30, learningRate: 1e-2, batchSize: 32, key: key(8) };
  const { model } = [...train(makeModel(key(9)), how)].at(-1)!;
  const unseen = oscillators(64, key(10));
  const [before, after] = [makeModel(key(9)), model].map((of) => loss(of, unseen, key(11)).item());
  expect(after).toBeLessThan(0.8 * before!);
});
