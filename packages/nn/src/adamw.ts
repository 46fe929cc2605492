import { add, mul } from "@diffrax-ts/array";
import { part } from "@diffrax-ts/pytree";
import { chain } from "./chain.ts";
import { requireNumber } from "./checks.ts";
import { mapLeaves } from "./mapLeaves.ts";
import type { Optimizer, OptimizerState, OptimizerStep } from "./Optimizer.ts";
import { type LearningRate, scaleByLearningRate } from "./scaleByLearningRate.ts";
import { type AdamOptions, scaleByMoments } from "./scaleByMoments.ts";

/** Options of `adamw`. */
export interface AdamWOptions extends AdamOptions {
  /** How much of the parameters is taken away at each step, per learning rate. @defaultValue 1e-4 */
  readonly weightDecay?: number;
}

/**
 * Adam with weight decay: what `adam` gives, less `learningRate · weightDecay · params`. The same numbers as `optax.adamw`.
 *
 * `update` needs the parameters as its third argument.
 *
 * @throws RangeError if a number makes no sense; TypeError if an option does not exist, or if `update` gets no parameters.
 * @see Loshchilov, Hutter (2019), Decoupled weight decay regularization, arXiv:1711.05101
 *
 * @example
 * ```ts
 * import { adamw } from "@diffrax-ts/nn";
 *
 * const optimizer = adamw(0.1, { weightDecay: 0.5 });
 * const params = { a: 2 };
 * optimizer.update({ a: 1 }, optimizer.init(params), params).updates;
 * // → { a: -0.199999999 }
 * ```
 */
export function adamw(learningRate: LearningRate, options: AdamWOptions = {}): Optimizer {
  return chain(
    scaleByMoments("adamw", options, false, ["weightDecay"]),
    addDecayedWeights(options.weightDecay ?? 1e-4),
    scaleByLearningRate("adamw", learningRate),
  );
}

interface Decay extends Optimizer<"addDecayedWeights"> {
  readonly weightDecay: number;
}

function addDecayedWeights(weightDecay: number): Optimizer {
  requireNumber("adamw", "weightDecay", weightDecay, ">= 0", (x) => x >= 0 && x < Infinity);
  return part("addDecayedWeights", { weightDecay, init, update });
}

function init(): OptimizerState {
  return part("DecayState", {});
}

function update<Params>(
  this: Decay,
  grads: Params,
  state: OptimizerState,
  params?: Params,
): OptimizerStep<Params> {
  if (params === undefined) {
    throw new TypeError("adamw: params are missing; call update(grads, state, params)");
  }
  const updates: Params = mapLeaves((g, p) => add(g, mul(p, this.weightDecay)), { grads, params });
  return { updates, state };
}
