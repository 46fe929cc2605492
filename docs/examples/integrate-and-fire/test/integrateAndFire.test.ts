import { grad, type Scalar } from "@diffrax-ts/core";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { neuron, rateOf, spikeTime, stimulate } from "../neuron.ts";

test("npm run example -- integrate-and-fire prints how often it fires, and draws it", async () => {
  const { status, stdout, stderr, svg } = await runExample("integrate-and-fire", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^24 +32\.0894 +32\.0894 +\de-\d+$/m);
  for (const name of ["potential", "spikes", "closed form", "solved"])
    expect(svg).toContain(`>${name}</text>`);
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("with a constant current spikes are where they are in closed form, and so are their derivatives", () => {
  const { rest, threshold, reset, tau } = neuron;
  const mean = 30;
  const first = tau * Math.log(mean / (mean + rest - threshold));
  const gap = 1000 / rateOf(mean);
  const { spikes } = stimulate({ mean, swing: 0, period: 1 }, 500);
  for (const [i, t] of [...spikes].entries()) expect(t).toBeCloseTo(first + i * gap, 9);

  const near = mean + rest - threshold;
  const ofFirst = tau * (1 / mean - 1 / near);
  const ofGap = tau * (1 / (mean + rest - reset) - 1 / near);
  const tenth = (current: Scalar) => spikeTime(current, 0, 1, 10);
  expect(grad(tenth)(mean)).toBeCloseTo(ofFirst + 9 * ofGap, 9);
});
