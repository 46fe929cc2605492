import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { chooseModel, published } from "../chooseModel.ts";
import { parseObservations } from "../parseObservations.ts";
import { readObservations } from "../readObservations.ts";
import { rootMeanSquareError } from "../rootMeanSquareError.ts";
import { solveModel } from "../solveModel.ts";

const pelts = readObservations(fileURLToPath(new URL("../pelts.csv", import.meta.url)));
const own = { help: false, file: "own.csv", rates: {} };

test("solveModel keeps the invariant of the equations, δ prey − γ ln prey + β predator − α ln predator", () => {
  const { prey, predator } = solveModel(published, pelts.times);
  const { alpha, beta, gamma, delta } = published.rates;
  const invariant = prey.map(
    (u, i) =>
      delta * u - gamma * Math.log(u) + beta * predator[i]! - alpha * Math.log(predator[i]!),
  );
  // Some 60 steps, each of them off by at most 1e-6 of the populations; the terms are of order 1.
  for (const value of invariant) expect(Math.abs(value - invariant[0]!)).toBeLessThan(1e-4);
  expect([prey[0], predator[0]]).toEqual(published.start);
});

test("solveModel at a few times and at many says the same", () => {
  const few = solveModel(published, pelts.times);
  const many = solveModel(published, pelts.times.flatMap((t) => [t, t + 0.5]).slice(0, -1));
  expect(many.prey.filter((_, i) => i % 2 === 0)).toEqual(few.prey);
  expect(many.stats).toEqual(few.stats);
});

test("solveModel of rates that no step is small enough for says so", () => {
  const model = { ...published, rates: { ...published.rates, delta: 1e9 } };
  expect(() => solveModel(model, pelts.times)).toThrow(/the model cannot be solved .* --delta/);
});

test("chooseModel takes the published numbers for the pelts, and those of the options before all others", () => {
  const options = { help: false, rates: {} };
  expect(chooseModel(pelts, options)).toMatchObject({ ...published, isFitted: true });
  const model = chooseModel(pelts, { ...options, rates: { beta: 0.03 }, start: [30, 4] });
  expect(model).toMatchObject({
    rates: { ...published.rates, beta: 0.03 },
    start: [30, 4],
    origins: { alpha: "published", beta: "--beta", start: "--start" },
    isFitted: false,
  });
});

test("chooseModel of other observations gives the same curves in whatever unit they are counted", () => {
  const file = "2000,30,2\n2001,50,4\n2002,40,6";
  const inThousands = parseObservations(file);
  const inOnes = parseObservations(file.replaceAll(/,(\d+)/g, ",$1000"));
  const [thousands, ones] = [inThousands, inOnes].map((observations) =>
    solveModel(chooseModel(observations, own), observations.times),
  );
  // The absolute tolerance matters less the larger the counts are: the curves agree as far as they are right.
  for (const [i, value] of thousands!.prey.entries()) {
    expect(Math.abs(ones!.prey[i]! / 1000 / value - 1)).toBeLessThan(1e-5);
  }
});

test("chooseModel of a species that starts at 0 asks for another start", () => {
  const observations = parseObservations("2000,0,2\n2001,50,4\n2002,40,6");
  expect(() => chooseModel(observations, own)).toThrow("prey starts at 0 in the first row");
  expect(chooseModel(observations, { ...own, start: [1, 2] }).start).toEqual([1, 2]);
});

test("rootMeanSquareError([1, 2, 3], [1, 4, 5]) is √(8 / 3)", () => {
  expect(rootMeanSquareError([1, 2, 3], [1, 4, 5])).toBeCloseTo(Math.sqrt(8 / 3), 15);
});
