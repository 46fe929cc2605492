import { np, type Scalar, type Tensor } from "@diffrax-ts/core";
import { mapNumbers, modelOf, type Numbers } from "./Model.ts";
import type { Observations } from "./Observations.ts";
import { solve } from "./solve.ts";

/** From the logarithms of a model's numbers to `log model − log count`: first of the prey, then of the predator. */
export type LogResiduals = (logs: Numbers<Scalar>, horizon: Scalar) => Tensor;

/**
 * How far models are from what was counted, as a function to be differentiated; 0 later than the horizon.
 *
 * It takes logarithms of the six numbers because the exponential of any number is positive, as they have to be. And
 * a step in a logarithm is a relative one, so that numbers of very different sizes need no scaling.
 */
export function logResidualsOf({ times, prey, predator }: Observations): LogResiduals {
  const logCounts = Float64Array.from([...prey, ...predator], Math.log);
  const counted = Float64Array.from([...times, ...times]);
  return (logs, horizon) => {
    const model = modelOf(mapNumbers(logs, (log) => np.exp(log)));
    const populations = np.concatenate(solve(model, times).ys);
    const residuals = np.sub(np.log(populations), logCounts);
    return np.where(np.lessEqual(counted, horizon), residuals, 0);
  };
}

/** Half the sum of the squares: what a fit makes as small as it can. */
export function halfSumOf(
  residualsOf: LogResiduals,
): (logs: Numbers<Scalar>, horizon: Scalar) => Tensor {
  return (logs, horizon) => {
    const residuals = residualsOf(logs, horizon);
    return np.mul(0.5, np.sum(np.mul(residuals, residuals)));
  };
}
