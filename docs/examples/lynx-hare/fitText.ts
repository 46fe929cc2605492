import { advice } from "./advice.ts";
import type { Fit } from "./fitModel.ts";
import type { Observations } from "./Observations.ts";

/** Below this the fit is called a poor one. */
const leastExplained = 0.5;

/** How the model was fitted, and how well. */
export function fitText(
  { halfSumOfSquares, stages }: Fit,
  { prey, predator }: Observations,
  guesses: number,
): string {
  const iterations = stages.map(({ iterations }) => iterations);
  const total = iterations.reduce((sum, n) => sum + n, 0);
  const horizons = stages.map(({ rows }) => rows);
  const counts = 2 * prey.length;
  const sigma = Math.sqrt((2 * halfSumOfSquares) / (counts - 6));
  const explained = 1 - (2 * halfSumOfSquares) / (variationOf(prey) + variationOf(predator));
  const lines = [
    `first guess              ${guesses === 1 ? "as the options say" : `the best of ${guesses}, from slow to fast, tried as one batch (vmap)`}`,
    "fit                      least squares of log model − log count, by Levenberg and Marquardt (leastSquares)",
    `growing horizon          ${horizons.length === 1 ? "none, there are few rows" : `the first ${horizons.slice(0, -1).join(", ")}, then all ${horizons.at(-1)} rows: past bad minima`}`,
    `iterations               ${total}${stages.length === 1 ? "" : ` = ${iterations.join(" + ")}`}`,
    `half the sum of squares  ${halfSumOfSquares.toPrecision(5)} of ${counts} residuals, σ = ${sigma.toPrecision(2)}`,
    `explained                ${Math.round(100 * explained)} % of the variation of the logarithms`,
    "standard errors          from σ² and the Hessian (hessian)",
  ];
  if (explained >= leastExplained) return lines.join("\n");
  const poor =
    "This is a poor fit: a better one may not have been found, or the model does not hold here.";
  return [...lines, "", poor, "", advice].join("\n");
}

/** `Σ (log count − mean)²`. */
function variationOf(counts: readonly number[]): number {
  const logs = counts.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
}
