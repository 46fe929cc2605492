import { np } from "@diffrax-ts/core";
import { map } from "@diffrax-ts/pytree";
import { key } from "@diffrax-ts/random";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { carry, logDensity, makeFlow } from "../flow.ts";
import { cat, entropyOf, type Image, pointsOf } from "../image.ts";
import { loss, train } from "../train.ts";

test("npm run example -- continuous-normalising-flow --quick prints losses, and draws points", async () => {
  const { status, stdout, stderr, svg } = await runExample(
    "continuous-normalising-flow",
    "--quick",
  );
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout.match(/^after +\d+ steps {3}loss \d\.\d{3}$/gm)).toHaveLength(5);
  expect(stdout).toMatch(/^entropy of the image 1\.709, divergence from it \d\.\d{3}$/m);
  expect(svg).toContain(">image</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("pointsOf draws points in the pixels of an image, by their ink", () => {
  const image: Image = {
    corners: np.tensor([
      [0, 0],
      [1, 3],
    ]),
    ink: np.tensor([1, 3]),
    side: 0.5,
  };
  const points = pointsOf(image, 4000, key(0)).toArray();
  const isIn = (x: number, y: number) => (point: readonly number[]) =>
    point[0]! >= x && point[0]! < x + 0.5 && point[1]! >= y && point[1]! < y + 0.5;
  const dark = points.filter(isIn(1, 3)).length;
  expect(points.filter(isIn(0, 0)).length).toBe(4000 - dark);
  expect(Math.abs(dark / 4000 - 0.75)).toBeLessThan(5 * Math.sqrt((0.75 * 0.25) / 4000));
  // Densities of 1 and 3 in areas of a quarter
  expect(entropyOf(image)).toBeCloseTo(-0.75 * Math.log(3), 14);
});

test("a cat takes a third of its image, whatever the number of pixels", () => {
  const inked = (size: number): number => cat(size).ink.length / size ** 2;
  expect(Math.abs(inked(32) - inked(128))).toBeLessThan(0.01);
  expect(inked(128)).toBeCloseTo(1 / 3, 1);
});

test("the density of a flow integrates to 1, and that of one at rest is normal", () => {
  const flow = makeFlow(8, key(1));
  const line = Array.from({ length: 49 }, (_, i) => (i - 24) / 4);
  const grid = np.tensor(line.flatMap((y) => line.map((x): [number, number] => [x, y])));
  const mass = (of: typeof flow): number => np.sum(np.exp(logDensity(of, grid))).item() * 0.25 ** 2;
  expect(mass(flow)).toBeCloseTo(1, 4); // four steps of order 5
  const still = logDensity(
    map((x) => np.zerosLike(x), flow),
    grid,
  );
  const expected = np.div(np.sum(np.square(grid), { axis: 1 }), -2).sub(Math.log(2 * Math.PI));
  expect(np.max(np.abs(np.sub(still, expected))).item()).toBeLessThan(1e-14);
});

test("a point is carried from where it is, and its density falls as the area round it grows", () => {
  const flow = makeFlow(8, key(2));
  const [x, y, h] = [0.3, -0.7, 1e-3];
  const starts = np.tensor([
    [x, y],
    [x + h, y],
    [x - h, y],
    [x, y + h],
    [x, y - h],
  ]);
  const ways = carry(flow, starts, np.tensor([0, 1]));
  expect(ways.at(0).toArray()).toEqual(starts.toArray());
  const end = (i: number, axis: number): number => ways.at(1, i, axis).item();
  const slope = (i: number, axis: number): number => (end(i, axis) - end(i + 1, axis)) / (2 * h);
  const area = slope(1, 0) * slope(3, 1) - slope(1, 1) * slope(3, 0);
  const expected = -(x * x + y * y) / 2 - Math.log(2 * Math.PI) - Math.log(area);
  expect(logDensity(flow, ways.at(1)).at(0).item()).toBeCloseTo(expected, 4);
});

test("train lowers the loss", () => {
  const image = cat(16);
  const first = makeFlow(8, key(4));
  const how = { image, steps: 30, learningRate: 2e-2, batchSize: 64, key: key(5) };
  const { flow } = [...train(first, how)].at(-1)!;
  const unseen = pointsOf(image, 512, key(6));
  expect(loss(flow, unseen).item()).toBeLessThan(loss(first, unseen).item() - 0.1);
});
