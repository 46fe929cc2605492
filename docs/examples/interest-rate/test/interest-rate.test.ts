import { np } from "@diffrax-ts/core";
import { key } from "@diffrax-ts/random";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { bondPrice, moments } from "../exact.ts";
import { quantiles } from "../../shared/quantiles.ts";
import { simulate } from "../rate.ts";

const model = { a: 0.5, b: 0.03, sigma: 0.08 };

test("npm run example -- interest-rate --quick prints what was found beside the formulas, and draws a fan", async () => {
  const { status, stdout, stderr, svg } = await runExample("interest-rate", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const price = /^price of a bond of 100 +(?<found>[\d.]+) +(?<exact>[\d.]+)$/m.exec(
    stdout,
  )!.groups!;
  const error = /^standard error of the price: (?<error>[\d.]+)$/m.exec(stdout)!.groups!["error"];
  // Off by more than four standard errors, of which 1 in 16 000 seeds is, it would not be the price.
  expect(Math.abs(Number(price["found"]) - Number(price["exact"]))).toBeLessThan(4 * Number(error));
  expect(stdout).toMatch(/^1000 paths of 500 steps took \d+\.\d s$/m);
  expect(svg).toContain(">mean, by its formula</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("simulate saves every quarter, and paths differ", () => {
  const simulation = { model, r0: 0.01, years: 2, stepsInYear: 20, paths: 5 };
  const { ts, rates, earned } = simulate(simulation, key(1));
  expect([...ts]).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]);
  expect(rates.shape).toEqual([5, 9]);
  expect(earned.shape).toEqual([5, 9]);
  expect(new Set(np.slice(rates, null, -1)).size).toBe(5);
});

test("without fluctuation all formulas are those of the equation r' = a (b - r)", () => {
  const calm = { ...model, sigma: 1e-6 };
  const simulation = { model: calm, r0: 0.01, years: 4, stepsInYear: 1000, paths: 2 };
  const { rates, earned } = simulate(simulation, key(2));
  const { mean, variance } = moments(calm, 0.01, 4);
  expect(rates.at(0).at(-1).item()).toBeCloseTo(mean, 5);
  expect(variance).toBeLessThan(1e-12);
  expect(Math.exp(-earned.at(0).at(-1).item())).toBeCloseTo(bondPrice(calm, 0.01, 4), 5);
});

test("the derivative of the price of a bond at its start is the rate", () => {
  expect((1 - bondPrice(model, 0.01, 1e-6)) / 1e-6).toBeCloseTo(0.01, 6);
});

test("quantiles lie above their share of each column", () => {
  const rows = np.tensor([
    [3, 10],
    [1, 30],
    [2, 20],
    [5, 50],
    [4, 40],
  ]);
  expect(quantiles(rows, [0, 0.5, 1])).toEqual([
    [1, 10],
    [3, 30],
    [5, 50],
  ]);
});
