import type { SolveStats } from "@diffrax-ts/core";
import { InputError } from "../shared/InputError.ts";
import type { Model } from "./Model.ts";
import { solve } from "./solve.ts";

/** The populations of a model over time. */
export interface Curves {
  readonly times: readonly number[];
  readonly prey: readonly number[];
  readonly predator: readonly number[];
  readonly stats: SolveStats;
}

/**
 * The populations at the given times, of which the first is where the model starts.
 *
 * @throws InputError if the equations cannot be solved with these numbers.
 */
export function solveModel(model: Model, times: readonly number[]): Curves {
  const { ys, result, stats } = solve(model, times);
  if (result !== "successful") {
    throw new InputError(
      `the model cannot be solved with these numbers (${result}): one of --alpha, --beta, --gamma, --delta or --start does not fit the units of the counts and times`,
    );
  }
  const [prey, predator] = ys;
  return { times, prey: prey.toArray(), predator: predator.toArray(), stats };
}
