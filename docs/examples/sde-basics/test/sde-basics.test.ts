import { np } from "@diffrax-ts/core";
import { key, split } from "@diffrax-ts/random";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { diffusion, drift, firstParams } from "../equation.ts";
import { fit, loss, momentsOf, paths, tensors } from "../manyPaths.ts";
import { onePath } from "../onePath.ts";

test("npm run example -- sde-basics --quick prints a path, losses and moments, and draws bands", async () => {
  const { status, stdout, stderr, svg } = await runExample("sde-basics", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^constant steps +1024 +0 +7\.128 {2}8\.889 {2}40\.070$/m);
  expect(stdout).toMatch(/^adaptive steps +\d+ +\d+( +-?\d+\.\d{3}){3}$/m);
  expect(stdout.match(/^after +\d+ steps {3}loss \d+\.\d{3}$/gm)).toHaveLength(2);
  expect(stdout).toMatch(/^standard deviations {5}( *\d+\.\d{3}){3}$/m);
  expect(svg).toContain(">before</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("drift and diffusion are those of the equation", () => {
  const params = { alpha: [0.1, 0.2, 0.3], beta: -2, gamma: [1, 0.5, 2] } as const;
  expect(drift(0, [1, 2, 2], params)).toEqual([0.1 - 2, 0.2 - 4, 0.3 - 4]);
  expect(diffusion(0.5, [1, 2, 2], params)).toEqual([
    [3, 0],
    [0, 1.5],
    [0, 20],
  ]);
});

test("by equal steps a path ends where it does in Diffrax", () => {
  const { constant } = onePath(key(0));
  for (const [i, end] of [7.12829233, 8.88911121, 40.07041271].entries())
    expect(constant.ys[i]!.at(-1).item()).toBeCloseTo(end, 7);
});

test("adaptive steps are no shorter than they may be, and come near to the path of equal ones", () => {
  const { constant, adaptive } = onePath(key(4));
  expect(np.min(np.diff(adaptive.ts)).item()).toBeGreaterThanOrEqual(2 ** -12 * (1 - 1e-9));
  expect(adaptive.stats.numRejectedSteps).toBeGreaterThan(0);
  const [end, other] = [constant, adaptive].map(({ ys }) => ys.map((y) => y.at(-1).item()));
  const size = Math.hypot(...end!);
  expect(Math.hypot(...end!.map((x, i) => x - other![i]!)) / size).toBeLessThan(0.05);
});

test("paths differ by their keys, and loss is how far their moments are from what is wanted", () => {
  const keys = split(key(1), 8);
  const params = tensors(firstParams);
  const [first] = paths(keys, params, np.tensor([0, 1, 2]));
  expect(first!.shape).toEqual([8, 3]);
  expect(new Set(np.slice(first!, null, 2)).size).toBe(8);
  const { means, deviations } = momentsOf(keys, params);
  const off = [...means].map((x, i) => x - [0, 1, 0][i]!).concat([...deviations].map((x) => x - 2));
  expect(loss(params, keys).item()).toBeCloseTo(Math.hypot(...off), 10);
});

test("fit comes nearer to what is wanted", () => {
  const losses = [...fit(firstParams, { count: 10, steps: 12, key: key(2) })].map(
    (one) => one.loss,
  );
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
});
