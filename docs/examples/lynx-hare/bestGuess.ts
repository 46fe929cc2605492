import { vmap } from "@diffrax-ts/core";
import { halfSumOf, logResidualsOf } from "./logResiduals.ts";
import { mapNumbers, type Model, numbersOf } from "./Model.ts";
import type { Observations } from "./Observations.ts";

/** The model with the least sum of squared log-residuals: all are solved in one call, as a batch. */
export function bestGuess(observations: Observations, guesses: readonly Model[]): Model {
  const losses = vmap(halfSumOf(logResidualsOf(observations)), { inAxes: [0, null] });
  const batch = mapNumbers(numbersOf(guesses[0]!), (_, place) =>
    Float64Array.from(guesses, (guess) => Math.log(numbersOf(guess)[place]!)),
  );
  const found = [...losses(batch, observations.times.at(-1)!)];
  const least = Math.min(...found.filter((loss) => !Number.isNaN(loss)));
  return guesses[Math.max(0, found.indexOf(least))]!;
}
