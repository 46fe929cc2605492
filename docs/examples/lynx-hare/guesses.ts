import type { Model } from "./Model.ts";
import type { Observations } from "./Observations.ts";
import type { Options } from "./readOptions.ts";

const speeds = 32;

/**
 * Models on the scale of the data, from slow ones to fast ones. The best of them is where a fit begins.
 *
 * Over a cycle the populations average `gamma / delta` and `alpha / beta`: these become the means of the counts. A small
 * cycle takes `2π / √(alpha gamma)`: the two are taken equal, from half a cycle in all the time to one in four rows. The
 * start is the first row. What the options say comes before all that.
 */
export function guessesFor(
  { times, prey, predator }: Observations,
  { rates, start }: Pick<Options, "rates" | "start">,
): readonly Model[] {
  const wholeTime = times.at(-1)! - times[0]!;
  const [slowest, fastest] = [Math.PI / wholeTime, (Math.PI / 2) * (times.length / wholeTime)];
  const isGiven = rates.alpha !== undefined && rates.gamma !== undefined;
  return Array.from({ length: isGiven ? 1 : speeds }, (_, i) => {
    const speed = slowest * (fastest / slowest) ** (i / (speeds - 1));
    const { alpha = speed, gamma = speed } = rates;
    const { beta = alpha / mean(predator), delta = gamma / mean(prey) } = rates;
    return { rates: { alpha, beta, gamma, delta }, start: start ?? [prey[0]!, predator[0]!] };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
