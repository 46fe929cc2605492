import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Model } from "../Model.ts";
import { readObservations } from "../readObservations.ts";
import { rootMeanSquareError } from "../rootMeanSquareError.ts";
import { solveModel } from "../solveModel.ts";

const { times } = readObservations(fileURLToPath(new URL("../pelts.csv", import.meta.url)));
const model: Model = {
  rates: { alpha: 0.55, beta: 0.028, gamma: 0.84, delta: 0.026 },
  start: [33.9, 5.9],
};

test("solveModel keeps the invariant of the equations, δ prey − γ ln prey + β predator − α ln predator", () => {
  const { prey, predator } = solveModel(model, times);
  const { alpha, beta, gamma, delta } = model.rates;
  const invariant = prey.map(
    (u, i) =>
      delta * u - gamma * Math.log(u) + beta * predator[i]! - alpha * Math.log(predator[i]!),
  );
  // Some 140 steps, each of them off by at most 1e-8 of the populations; the terms are of order 1.
  for (const value of invariant) expect(Math.abs(value - invariant[0]!)).toBeLessThan(2e-6);
  expect([prey[0], predator[0]]).toEqual(model.start);
});

test("solveModel at a few times and at many says the same", () => {
  const few = solveModel(model, times);
  const many = solveModel(model, times.flatMap((t) => [t, t + 0.5]).slice(0, -1));
  expect(many.prey.filter((_, i) => i % 2 === 0)).toEqual(few.prey);
  expect(many.stats).toEqual(few.stats);
});

test("solveModel gives the same curves in whatever unit the counts are", () => {
  const { rates, start } = model;
  const inOnes: Model = {
    rates: { ...rates, beta: rates.beta / 1024, delta: rates.delta / 1024 },
    start: [1024 * start[0], 1024 * start[1]],
  };
  // A factor of 2¹⁰ rounds nothing, and a relative tolerance does not see it.
  const [thousands, ones] = [solveModel(model, times), solveModel(inOnes, times)];
  expect(ones.prey.map((value) => value / 1024)).toEqual(thousands.prey);
});

test("solveModel of rates that no step is small enough for says so", () => {
  const impossible = { ...model, rates: { ...model.rates, delta: 1e9 } };
  expect(() => solveModel(impossible, times)).toThrow(/the model cannot be solved .* --delta/);
});

test("rootMeanSquareError([1, 2, 3], [1, 4, 5]) is √(8 / 3)", () => {
  expect(rootMeanSquareError([1, 2, 3], [1, 4, 5])).toBeCloseTo(Math.sqrt(8 / 3), 15);
});
