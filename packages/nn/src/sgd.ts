import { add, mul, zerosLike } from "@diffrax-ts/array";
import { checkOptions, part } from "@diffrax-ts/pytree";
import { chain } from "./chain.ts";
import { requireNumber } from "./checks.ts";
import { mapLeaves } from "./mapLeaves.ts";
import type { Optimizer, OptimizerState, OptimizerStep } from "./Optimizer.ts";
import { type LearningRate, scaleByLearningRate } from "./scaleByLearningRate.ts";

/** Options of `sgd`. */
export interface SgdOptions {
  /** How much of the last step is kept. @defaultValue 0 */
  readonly momentum?: number;
  /** Whether the momentum looks one step ahead. @defaultValue false */
  readonly nesterov?: boolean;
}

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
  const { momentum = 0, nesterov = false } = checkOptions("sgd", options, ["momentum", "nesterov"]);
  requireNumber("sgd", "momentum", momentum, ">= 0 and < 1", (x) => x >= 0 && x < 1);
  const scaling = scaleByLearningRate("sgd", learningRate);
  return momentum === 0
    ? scaling
    : chain(part("momentum", { momentum, nesterov, init, update }), scaling);
}

interface Momentum extends Optimizer<"momentum"> {
  readonly momentum: number;
  readonly nesterov: boolean;
}

interface MomentumState extends OptimizerState {
  readonly trace: unknown;
}

function init<Params>(params: Params): MomentumState {
  const trace: Params = mapLeaves((x) => zerosLike(x), { params });
  return part("MomentumState", { trace });
}

function update<Params>(
  this: Momentum,
  grads: Params,
  state: OptimizerState,
): OptimizerStep<Params> {
  const { trace: last } = state as MomentumState;
  const follow = (trace: unknown): Params =>
    mapLeaves((g, d) => add(g, mul(d, this.momentum)), { grads, "state.trace": trace });
  const trace = follow(last);
  return {
    updates: this.nesterov ? follow(trace) : trace,
    state: part("MomentumState", { trace }),
  };
}
