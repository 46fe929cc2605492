import { chain } from "./chain.ts";
import type { Optimizer } from "./Optimizer.ts";
import { type LearningRate, scaleByLearningRate } from "./scaleByLearningRate.ts";
import { type AdamOptions, scaleByMoments } from "./scaleByMoments.ts";

/**
 * AdaBelief: Adam with the variance of the gradients in place of their mean square, so that steps are long where the gradient is as
 * it was expected.
 *
 * ```text
 * m ← b1 m + (1 - b1) g,  s ← b2 s + (1 - b2) (g - m)² + epsRoot
 * update = -learningRate · m̂ / (√ŝ + eps),  m̂ = m / (1 - b1ᵗ),  ŝ = s / (1 - b2ᵗ)
 * ```
 *
 * The same numbers as `optax.adabelief`.
 *
 * @throws RangeError if a number makes no sense; TypeError if an option does not exist.
 * @see Zhuang et al. (2020), AdaBelief optimizer: adapting stepsizes by the belief in observed gradients, arXiv:2010.07468
 *
 * @example
 * ```ts
 * import { adabelief } from "@diffrax-ts/nn";
 *
 * const optimizer = adabelief(3e-3);
 * optimizer.update({ a: 1 }, optimizer.init({ a: 0 })).updates;
 * // → { a: -0.003333333333331665 }
 * ```
 */
export function adabelief(learningRate: LearningRate, options: AdamOptions = {}): Optimizer {
  return chain(
    scaleByMoments("adabelief", options, true),
    scaleByLearningRate("adabelief", learningRate),
  );
}
