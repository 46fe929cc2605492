import { dataTable } from "./dataTable.ts";
import type { Observations } from "./Observations.ts";
import { rootMeanSquareError } from "./rootMeanSquareError.ts";
import { decimalsFor, significant } from "./significant.ts";
import type { Curves } from "./solveModel.ts";
import type { TimedResult } from "./timeSolves.ts";

/** How long things took, in milliseconds. */
export interface Timings {
  /** A solve, the first that the process did. */
  readonly solve: Pick<TimedResult<unknown>, "first" | "next">;
  /** The fit, if there was one: everything from the guesses to the standard errors. */
  readonly fit: number | undefined;
}

/** The table of data and model, how far they are apart, and how long it all took. */
export function resultText(
  observations: Observations,
  model: Curves,
  { solve, fit }: Timings,
): string {
  const { names, prey, predator } = observations;
  const { numAcceptedSteps, numRejectedSteps } = model.stats;
  const errors = [
    [names.prey, rootMeanSquareError(model.prey, prey)],
    [names.predator, rootMeanSquareError(model.predator, predator)],
  ] as const;
  return [
    dataTable(observations, model),
    "",
    `root-mean-square error   ${errors.map(([name, error]) => `${name} ${significant(error, 3)}`).join(", ")}`,
    `steps                    ${numAcceptedSteps} accepted, ${numRejectedSteps} rejected`,
    `time to first solution   ${milliseconds(solve.first)}, the equations read and compiled`,
    `time of the next one     ${milliseconds(solve.next)} (median of many)`,
    ...(fit === undefined
      ? []
      : [`time of the fit          ${milliseconds(fit)}, all derivatives made and compiled`]),
  ].join("\n");
}

function milliseconds(time: number): string {
  return `${time.toFixed(decimalsFor(time))} ms`;
}
