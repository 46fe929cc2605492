import { fileURLToPath } from "node:url";
import { grad, hessian } from "@diffrax-ts/core";
import { expect, test } from "vitest";
import { bestGuess } from "../bestGuess.ts";
import { fitModel } from "../fitModel.ts";
import { fitText } from "../fitText.ts";
import { guessesFor } from "../guesses.ts";
import { InputError } from "../../shared/InputError.ts";
import { halfSumOf, logResidualsOf } from "../logResiduals.ts";
import { mapNumbers, type Model, type Numbers, numbersOf } from "../Model.ts";
import type { Observations } from "../Observations.ts";
import { readObservations } from "../readObservations.ts";
import type { Options } from "../readOptions.ts";
import { solveModel } from "../solveModel.ts";

const pelts = readObservations(fileURLToPath(new URL("../pelts.csv", import.meta.url)));
const halfSum = halfSumOf(logResidualsOf(pelts));

type Start = Pick<Options, "rates" | "start">;

/** The fit as `npm start` does it. */
function fitOf(observations: Observations, start: Start = { rates: {} }) {
  return fitModel(observations, bestGuess(observations, guessesFor(observations, start)));
}

test.each<[string, Start]>([
  ["the best guess", { rates: {} }],
  ["cycles three times as slow", { rates: { alpha: 0.2, gamma: 0.2 } }],
  ["cycles three times as fast", { rates: { alpha: 2, gamma: 2 } }],
  ["prey that grows three times as fast", { rates: { alpha: 1.5, gamma: 0.3 } }],
  ["predators that die twice as fast", { rates: { alpha: 0.3, gamma: 1.6 } }],
  ["twice as many hares and lynx", { rates: { alpha: 1, gamma: 1 }, start: [70, 12] }],
  [
    "rates that have nothing to do with it",
    { rates: { alpha: 0.1, beta: 0.01, gamma: 0.1, delta: 0.01 } },
  ],
])("fitModel of the pelts from %s comes to the least of all minima", (_, start) => {
  const { model, halfSumOfSquares, stages } = fitOf(pelts, start);
  // The least that SciPy's `least_squares` finds from 300 random starting points, of which 119 lead there.
  expect(halfSumOfSquares.toFixed(4)).toBe("1.0093");
  expect(numbersOf(model).map((number) => Number(number.toPrecision(3)))).toEqual([
    0.54, 0.0272, 0.796, 0.0237, 34.6, 5.84,
  ]);
  expect(stages.map(({ rows }) => rows)).toEqual([8, 12, 18, 21]);

  // A last full step of Gauss and Newton would be 1e-6 at most, and the gradient is that times JᵀJ. From JᵀJ
  // the Hessian differs by less than a tenth here.
  const logs = mapNumbers(numbersOf(model), Math.log);
  const gradient = grad(halfSum)(logs, pelts.times.at(-1)!);
  const rows = hessian(halfSum)(logs, pelts.times.at(-1)!);
  for (const [i, slope] of gradient.entries()) {
    const scale = rows[i]!.reduce((sum, x) => sum + Math.abs(x), 0);
    expect(Math.abs(slope)).toBeLessThan(1.1e-6 * scale);
  }
});

/** The half sum of squares without this library: Runge and Kutta's method in steps of 0.01. */
function byHand([alpha, beta, gamma, delta, ...start]: Numbers): number {
  const f = ([u, v]: Numbers2): Numbers2 => [alpha * u - beta * u * v, delta * u * v - gamma * v];
  const along = (y: Numbers2, k: Numbers2, h: number): Numbers2 => [
    y[0] + h * k[0],
    y[1] + h * k[1],
  ];
  let y: Numbers2 = start;
  let sum = 0;
  for (const [i] of pelts.times.entries()) {
    sum += Math.log(y[0] / pelts.prey[i]!) ** 2 + Math.log(y[1] / pelts.predator[i]!) ** 2;
    for (let step = 0; step < 100; step++) {
      const [k1, h] = [f(y), 0.01];
      const k2 = f(along(y, k1, h / 2));
      const k3 = f(along(y, k2, h / 2));
      const k4 = f(along(y, k3, h));
      const k = [0, 1].map((j) => (k1[j]! + 2 * k2[j]! + 2 * k3[j]! + k4[j]!) / 6);
      y = along(y, k as unknown as Numbers2, h);
    }
  }
  return sum / 2;
}
type Numbers2 = readonly [number, number];

test("fitModel's standard errors are √(σ² H⁻¹)ᵢᵢ, with σ² = 2 S / (n − p) and the Hessian of S by differences", () => {
  const { model, standardErrors, halfSumOfSquares } = fitOf(pelts);
  const numbers = numbersOf(model);
  expect(byHand(numbers)).toBeCloseTo(halfSumOfSquares, 6); // 140 steps off by 1e-8 each
  // (S(+,+) − S(+,−) − S(−,+) + S(−,−)) / 4 h², in relative steps: off by about h² = 1e-6 times fourth derivatives.
  const h = 1e-3;
  const at = (i: number, a: number, j: number, b: number) =>
    byHand(
      mapNumbers(numbers, (x, k) => x * Math.exp(h * ((k === i ? a : 0) + (k === j ? b : 0)))),
    );
  const all = numbers.map((_, i) =>
    numbers.map(
      (_, j) =>
        (at(i, 1, j, 1) - at(i, 1, j, -1) - at(i, -1, j, 1) + at(i, -1, j, -1)) / (4 * h * h),
    ),
  );
  const variance = (2 * halfSumOfSquares) / (42 - 6);
  for (const [i, error] of standardErrors.entries()) {
    expect(error / (numbers[i]! * Math.sqrt(variance * inverse(all)[i]![i]!))).toBeCloseTo(1, 2);
  }
});

/** By Gauss and Jordan. */
function inverse(matrix: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (const [i, pivotRow] of rows.entries()) {
    const pivot = pivotRow[i]!;
    for (const [j] of pivotRow.entries()) pivotRow[j]! /= pivot;
    for (const row of rows) {
      const factor = row === pivotRow ? 0 : row[i]!;
      for (const [j, x] of pivotRow.entries()) row[j]! -= factor * x;
    }
  }
  return rows.map((row) => row.slice(matrix.length));
}

const names = { time: "day", prey: "vole", predator: "owl" };
const truth: Model = {
  rates: { alpha: 0.02, beta: 1e-8, gamma: 0.03, delta: 4e-10 },
  start: [2e7, 1e6],
};
const irregular = Array.from({ length: 40 }, (_, i) => 14 * i + 5 * Math.sin(i));

test("fitModel of counts that a model made gives back its numbers, in other units and at irregular times", () => {
  const { model, halfSumOfSquares } = fitOf({ names, ...solveModel(truth, irregular) });
  // A last full step would be 1e-6 at most.
  for (const [i, number] of numbersOf(model).entries()) {
    expect(Math.abs(Math.log(number / numbersOf(truth)[i]!))).toBeLessThan(2e-6);
  }
  expect(halfSumOfSquares).toBeLessThan(1e-8);
});

test("fitModel of the pelts by days and by ones is the fit by years and by thousands", () => {
  const { model } = fitOf(pelts);
  const others = fitOf({
    names,
    times: pelts.times.map((year) => 365.25 * year),
    prey: pelts.prey.map((count) => 1000 * count),
    predator: pelts.predator.map((count) => 1000 * count),
  });
  const units = [365.25, 365_250, 365.25, 365_250, 1e-3, 1e-3];
  for (const [i, number] of numbersOf(others.model).entries()) {
    expect(Math.abs(Math.log((number * units[i]!) / numbersOf(model)[i]!))).toBeLessThan(2e-6);
  }
});

test("fitModel of prey and predator in each other's place does not converge, and says what to do", () => {
  const swapped = { ...pelts, prey: pelts.predator, predator: pelts.prey };
  expect(() => fitOf(swapped)).toThrow(InputError);
  expect(() => fitOf(swapped)).toThrow(
    /did not converge: after \d+ iterations .* no minimum[^]*--no-fit/,
  );
});

test("fitText says how the pelts were fitted, and warns of a poor fit", () => {
  const fit = fitOf(pelts);
  expect(fitText(fit, pelts, 32)).toMatch(/^first guess +the best of 32,.*\(vmap\)\n/);
  expect(fitText(fit, pelts, 32)).toMatch(
    /\ngrowing horizon +the first 8, 12, 18, then all 21 rows/,
  );
  expect(fitText(fit, pelts, 32)).toMatch(
    /\nhalf the sum of squares +1\.0093 of 42 residuals, σ = 0\.24\n/,
  );
  expect(fitText(fit, pelts, 32)).toMatch(/\nexplained +90 % /);
  expect(fitText(fit, pelts, 32)).not.toContain("poor");
  const poor = fitText({ ...fit, halfSumOfSquares: 8 }, pelts, 1);
  expect(poor).toMatch(/^first guess +as the options say\n/);
  expect(poor).toMatch(/explained +20 % [^]*This is a poor fit[^]*What may help:/);
});
