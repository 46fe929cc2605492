// A hundred thousand paths of an interest rate, and what a bond costs: `npm run example -- interest-rate`.
import { np } from "@diffrax-ts/core";
import { key } from "@diffrax-ts/random";
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { bondPrice, moments } from "./exact.ts";
import { picture } from "./picture.ts";
import { simulate, type Simulation } from "./rate.ts";

await example("interest-rate", ({ quick }) => {
  const simulation: Simulation = {
    model: { a: 0.5, b: 0.03, sigma: 0.08 },
    r0: 0.01,
    years: 10,
    stepsInYear: 50,
    paths: quick ? 1000 : 100_000,
  };
  const { model, r0, years, stepsInYear, paths } = simulation;
  const started = performance.now();
  const made = simulate(simulation, key(0));
  const seconds = (performance.now() - started) / 1000;

  const ends = np.slice(made.rates, null, -1);
  const { mean, variance } = moments(model, r0, years);
  const discounts = np.exp(np.neg(np.slice(made.earned, null, -1)));
  const error = np.std(discounts).item() / Math.sqrt(paths);
  const figures = [
    ["mean of the rate, in %", 100 * np.mean(ends).item(), 100 * mean],
    ["its standard deviation", 100 * np.std(ends).item(), 100 * Math.sqrt(variance)],
    ["price of a bond of 100", 100 * np.mean(discounts).item(), 100 * bondPrice(model, r0, years)],
  ] as const;
  const rows = figures.map(([name, found, exact]) => [name, found.toFixed(3), exact.toFixed(3)]);
  console.log(table([[`after ${years} years`, "paths", "exactly"], ...rows]));
  console.log(`\nstandard error of the price: ${(100 * error).toFixed(3)}`);
  console.log(`${paths} paths of ${years * stepsInYear} steps took ${seconds.toFixed(1)} s`);
  return picture(simulation, made);
});
