import { checkOptions } from "@diffrax-ts/pytree";
import { chain } from "./chain.ts";
import { type MomentumOptions, withMomentum } from "./momentum.ts";
import type { Optimizer } from "./Optimizer.ts";
import { type LearningRate, scaleByLearningRate } from "./scaleByLearningRate.ts";
import { type RmsOptions, scaleByRms } from "./scaleByRms.ts";

/** Options of `rmsprop`. */
export interface RmspropOptions extends RmsOptions, MomentumOptions {}

/**
 * RMSprop: steps of about the learning rate, for losses that keep changing, as those of adversaries do.
 *
 * ```text
 * v ← decay v + (1 - decay) g²,  update = -learningRate · g / √(v + eps)
 * ```
 *
 * The same numbers as `optax.rmsprop`. With `epsInSqrt: false` it divides by `√v + eps`, as PyTorch does; `momentum` is that of the
 * updates, after the learning rate.
 *
 * @throws RangeError if a number makes no sense; TypeError if an option does not exist.
 * @see Hinton (2012), Neural networks for machine learning, lecture 6e; Graves (2013), Generating sequences with recurrent neural
 * networks, arXiv:1308.0850, for `centered`
 *
 * @example
 * ```ts
 * import { rmsprop } from "@diffrax-ts/nn";
 *
 * const optimizer = rmsprop(0.1, { decay: 0.75 });
 * optimizer.update({ a: 2 }, optimizer.init({ a: 0 })).updates.a;
 * // → -0.2000…
 * ```
 */
export function rmsprop(learningRate: LearningRate, options: RmspropOptions = {}): Optimizer {
  const given = checkOptions("rmsprop", options, [
    "decay",
    "eps",
    "initialScale",
    "epsInSqrt",
    "centered",
    "biasCorrection",
    "momentum",
    "nesterov",
  ]);
  return chain(
    scaleByRms("rmsprop", given),
    scaleByLearningRate("rmsprop", learningRate),
    ...withMomentum("rmsprop", given),
  );
}
