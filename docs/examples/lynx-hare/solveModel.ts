import { diffeqsolve, PIDController, type SolveStats, Tsit5 } from "@diffrax-ts/core";
import { InputError } from "./InputError.ts";
import { lotkaVolterra, type Populations, type Rates } from "./lotkaVolterra.ts";

/** What the model starts with. */
export interface Model {
  readonly rates: Rates;
  /** The populations at the first time. */
  readonly start: Populations;
}

/** The populations of the model over time. */
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
export function solveModel({ rates, start }: Model, times: readonly number[]): Curves {
  const solution = diffeqsolve(lotkaVolterra, Tsit5(), {
    t0: times[0]!,
    t1: times.at(-1)!,
    dt0: null,
    y0: start,
    args: rates,
    saveat: { ts: times },
    stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-9 }),
    maxSteps: 100_000,
    throw: false,
  });
  if (solution.result !== "successful") throw cannotSolve(solution.result);
  const [prey, predator] = solution.ys;
  return { times, prey: prey.toArray(), predator: predator.toArray(), stats: solution.stats };
}

function cannotSolve(result: string): InputError {
  return new InputError(
    `the model cannot be solved with these numbers (${result}): one of --alpha, --beta, --gamma, --delta or --start does not fit the units of the counts and times`,
  );
}
