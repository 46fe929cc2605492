import { hessian } from "@diffrax-ts/core";
import { halfSumOf, type LogResiduals } from "./logResiduals.ts";
import { mapNumbers, type Model, type Numbers, numbersOf } from "./Model.ts";
import { solvePositive } from "./solvePositive.ts";

/** What was fitted, and to what. */
export interface Fitted {
  readonly model: Model;
  readonly halfSumOfSquares: number;
  readonly times: readonly number[];
}

/**
 * The standard errors of the numbers of a fitted model; `NaN` if it is not at a minimum.
 *
 * The covariance of their logarithms is `σ² H⁻¹`. Here `H` is the Hessian of `S = ½ Σ rᵢ²`, all of it and not only Gauss and
 * Newton's `JᵀJ`; `σ² = 2 S / (n − 6)` with `n` residuals. The error of a logarithm is the relative error of the number.
 */
export function standardErrors(
  residualsOf: LogResiduals,
  { model, halfSumOfSquares, times }: Fitted,
): Numbers {
  const numbers = numbersOf(model);
  const secondDerivativesOf = hessian(halfSumOf(residualsOf));
  const h = secondDerivativesOf(mapNumbers(numbers, Math.log), times.at(-1)!);
  const variance = (2 * halfSumOfSquares) / (2 * times.length - numbers.length);
  return mapNumbers(numbers, (number, place) => {
    const unit = numbers.map((_, i) => (i === place ? 1 : 0));
    const column = solvePositive(h, unit); // of H⁻¹
    return number * Math.sqrt(variance * column[place]!);
  });
}
