import { leastSquares, LevenbergMarquardt, np } from "@diffrax-ts/core";
import { advice } from "./advice.ts";
import { InputError } from "../shared/InputError.ts";
import { logResidualsOf } from "./logResiduals.ts";
import { mapNumbers, type Model, modelOf, type Numbers, numbersOf } from "./Model.ts";
import type { Observations } from "./Observations.ts";
import { significant } from "./significant.ts";
import { standardErrors } from "./standardErrors.ts";

/** A model fitted to observations. */
export interface Fit {
  readonly model: Model;
  readonly standardErrors: Numbers;
  /** `½ Σ (log model − log count)²`, of both species. */
  readonly halfSumOfSquares: number;
  /** The fits to ever more rows; the last is to all of them. */
  readonly stages: readonly Stage[];
}

interface Stage {
  /** How many rows were fitted, from the first. */
  readonly rows: number;
  /** Where it ended: logarithms. */
  readonly point: Numbers;
  readonly halfSumOfSquares: number;
  readonly iterations: number;
  readonly isConverged: boolean;
}

/**
 * Fits a model to observations by least squares of the log-residuals, from a first guess.
 *
 * These have many bad minima, at models whose cycles have fallen out of step with the data. So the first rows are
 * fitted alone, in which nothing has time to fall out of step; what is found there is the guess for more of them.
 *
 * @throws InputError if it does not converge.
 */
export function fitModel(observations: Observations, guess: Model): Fit {
  const { times } = observations;
  const residualsOf = logResidualsOf(observations);

  const stages: Stage[] = [];
  for (const rows of growing(times.length)) {
    const first = stages.at(-1)?.point ?? mapNumbers(numbersOf(guess), Math.log);
    // At the end six digits, on the way there two. A tensor is data: all stages run one program.
    const atol = np.tensor(rows < times.length ? 1e-2 : 1e-6);
    const solver = LevenbergMarquardt({ rtol: 0, atol, lambda0: 0.1 });
    const { value, result, stats, state } = leastSquares(residualsOf, solver, first, {
      args: times[rows - 1]!,
      maxSteps: 100,
      throw: false,
    });
    stages.push({
      rows,
      point: mapNumbers(value, (log) => log.item()),
      halfSumOfSquares: np.vdot(state.residual, state.residual).item() / 2,
      iterations: stats.numSteps as number,
      isConverged: result === "successful",
    });
  }

  const { point, halfSumOfSquares, isConverged } = stages.at(-1)!;
  const model = modelOf(mapNumbers(point, Math.exp));
  if (!isConverged) throw notConverged(model, stages);
  const errors = standardErrors(residualsOf, { model, halfSumOfSquares, times });
  if (!errors.every(Number.isFinite)) throw notConverged(model, stages);
  return { model, standardErrors: errors, halfSumOfSquares, stages };
}

/** The first third of the rows, but at least 8; then half as many again, until it is all of them. */
function growing(all: number): readonly number[] {
  const list = [Math.min(all, Math.max(8, Math.ceil(all / 3)))];
  while (list.at(-1)! < all) list.push(Math.min(all, Math.ceil(1.5 * list.at(-1)!)));
  return list;
}

function notConverged({ rates, start }: Model, stages: readonly Stage[]): InputError {
  const iterations = stages.reduce((sum, stage) => sum + stage.iterations, 0);
  const { alpha, beta, gamma, delta } = rates;
  const [a, b, c, d, ...populations] = [alpha, beta, gamma, delta, ...start].map((number) =>
    significant(number, 3),
  );
  return new InputError(
    `the fit did not converge: after ${iterations} iterations it had come to α ${a}, β ${b}, γ ${c}, δ ${d} and a start of ${populations.join(", ")}, which is no minimum\n\n${advice}`,
  );
}
