import { checkOptions } from "@diffrax-ts/pytree";
import { chain } from "./chain.ts";
import { type MomentumOptions, withMomentum } from "./momentum.ts";
import type { Optimizer } from "./Optimizer.ts";
import { type LearningRate, scaleByLearningRate } from "./scaleByLearningRate.ts";

/** Options of `sgd`. */
export type SgdOptions = MomentumOptions;

/**
 * Steps down the gradient: `-learningRate · d`, with `d = g`, or with momentum `d ← g + momentum · d`. The same numbers as
 * `optax.sgd`.
 *
 * @throws RangeError if a number makes no sense; TypeError if an option does not exist.
 * @see Sutskever, Martens, Dahl, Hinton (2013), On the importance of initialization and momentum in deep learning, ICML
 *
 * @example
 * ```ts
 * import { sgd } from "@diffrax-ts/nn";
 *
 * const optimizer = sgd(0.1);
 * optimizer.update({ a: 2 }, optimizer.init({ a: 0 })).updates;
 * // → { a: -0.2 }
 * ```
 */
export function sgd(learningRate: LearningRate, options: SgdOptions = {}): Optimizer {
  const given = checkOptions("sgd", options, ["momentum", "nesterov"]);
  const scaling = scaleByLearningRate("sgd", learningRate);
  const before = withMomentum("sgd", given);
  return before.length === 0 ? scaling : chain(...before, scaling);
}
