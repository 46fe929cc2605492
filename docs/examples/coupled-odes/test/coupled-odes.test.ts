import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { predatorPrey } from "../predatorPrey.ts";
import { twoValleys } from "../twoValleys.ts";

const times = { t0: 0, t1: 140, dt0: 0.1 };
const rates = { a: 0.1, b: 0.02, c: 0.4, d: 0.02 };
const start = { prey: 10, predator: 10 };

test("npm run example -- coupled-odes prints the populations over time, and draws them", async () => {
  const { status, stdout, stderr, svg } = await runExample("coupled-odes", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^140 +10\.124 +10\.243 +12\.072 +13\.136$/m);
  for (const name of ["prey", "predator", "prey, north", "prey, south"]) {
    expect(svg).toContain(`>${name}</text>`);
  }
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("valleys between which nothing wanders, or which are alike, are each as one alone", () => {
  const one = diffeqsolve(predatorPrey, Tsit5(), { ...times, y0: start, args: rates }).ys;
  for (const wandering of [0, 0.01]) {
    const args = { rates, wandering, within: predatorPrey };
    const y0 = { north: start, south: start };
    const { north, south } = diffeqsolve(twoValleys, Tsit5(), { ...times, y0, args }).ys;
    expect(north.prey.toArray()).toEqual(one.prey.toArray());
    expect(south.predator.toArray()).toEqual(one.predator.toArray());
  }
});
