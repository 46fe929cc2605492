import { expect, test } from "vitest";
import { bestGuess } from "../bestGuess.ts";
import { guessesFor } from "../guesses.ts";
import { numbersOf } from "../Model.ts";
import type { Observations } from "../Observations.ts";
import { solveModel } from "../solveModel.ts";

const names = { time: "t", prey: "vole", predator: "owl" };
const observations: Observations = {
  names,
  times: [0, 1, 2, 3],
  prey: [500, 900, 400, 200],
  predator: [20, 30, 70, 40],
};

test("guessesFor runs from half a cycle in all the time to a cycle in four rows, on the scale of the counts", () => {
  const guesses = guessesFor(observations, { rates: {} });
  expect(guesses).toHaveLength(32);
  for (const { rates, start } of guesses) {
    expect(rates.alpha).toBe(rates.gamma);
    expect(rates.alpha / rates.beta).toBeCloseTo(40, 12);
    expect(rates.gamma / rates.delta).toBeCloseTo(500, 12);
    expect(start).toEqual([500, 20]);
  }
  expect(guesses[0]!.rates.alpha).toBeCloseTo(Math.PI / 3, 14); // a cycle takes 6
  expect(guesses.at(-1)!.rates.alpha).toBeCloseTo((2 * Math.PI) / 3, 14); // a cycle takes 3: four rows
});

test("guessesFor takes what the options say before all that", () => {
  const guesses = guessesFor(observations, { rates: { alpha: 2, delta: 0.01 }, start: [1, 2] });
  expect(guesses).toHaveLength(32);
  for (const { rates, start } of guesses) {
    expect(rates).toMatchObject({ alpha: 2, beta: 2 / 40, delta: 0.01 });
    expect(start).toEqual([1, 2]);
  }
  const rates = { alpha: 2, gamma: 3 };
  expect(guessesFor(observations, { rates })).toHaveLength(1);
});

test("bestGuess is the one whose logarithms are closest to those of the counts", () => {
  const guesses = guessesFor(observations, { rates: {} });
  const truth = guesses[11]!;
  const times = Array.from({ length: 9 }, (_, i) => i / 2);
  const made: Observations = { names, ...solveModel(truth, times) };
  expect(bestGuess(made, guesses)).toBe(truth);
});

test("bestGuess passes over guesses that cannot be solved", () => {
  const [good] = guessesFor(observations, { rates: {} });
  const bad = { ...good!, rates: { ...good!.rates, delta: 1e9 } };
  expect(bestGuess(observations, [bad, good!])).toBe(good);
  expect(numbersOf(bestGuess(observations, [bad]))).toEqual(numbersOf(bad));
});
