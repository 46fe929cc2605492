import { dataTable, decimalsFor } from "./dataTable.ts";
import type { Observations } from "./Observations.ts";
import { rootMeanSquareError } from "./rootMeanSquareError.ts";
import type { Curves } from "./solveModel.ts";
import type { TimedResult } from "./timeSolves.ts";

/** The table of data and model, how far they are apart, and what the solve took. */
export function resultText(
  observations: Observations,
  { result, first, next }: TimedResult<Curves>,
): string {
  const { names, prey, predator } = observations;
  const { numAcceptedSteps, numRejectedSteps } = result.stats;
  const errors = [
    [names.prey, rootMeanSquareError(result.prey, prey)],
    [names.predator, rootMeanSquareError(result.predator, predator)],
  ] as const;
  return [
    dataTable(observations, result),
    "",
    `root-mean-square error   ${errors.map(([name, error]) => `${name} ${error.toFixed(decimalsFor(error))}`).join(", ")}`,
    `steps                    ${numAcceptedSteps} accepted, ${numRejectedSteps} rejected`,
    `time to first solution   ${milliseconds(first)}, the equations read and compiled`,
    `time of the next one     ${milliseconds(next)} (median of many)`,
  ].join("\n");
}

function milliseconds(time: number): string {
  return `${time.toFixed(decimalsFor(time))} ms`;
}
