import { part } from "@diffrax-ts/pytree";
import type { Optimizer, OptimizerState, OptimizerStep } from "./Optimizer.ts";

interface Chain extends Optimizer<"chain"> {
  readonly transforms: readonly Optimizer[];
}

/**
 * One after the other: the updates of each are the gradients of the next. `clipByGlobalNorm` before an optimiser clips gradients,
 * after it steps.
 *
 * @example
 * ```ts
 * import { adam, chain, clipByGlobalNorm } from "@diffrax-ts/nn";
 *
 * const optimizer = chain(clipByGlobalNorm(1), adam(1e-3));
 * const { updates } = optimizer.update([30, 40], optimizer.init([0, 0]));
 * updates;
 * // → [-0.0009999999833, -0.0009999999875]
 * ```
 */
export function chain(...transforms: readonly Optimizer[]): Optimizer<"chain"> {
  return part("chain", { transforms, init, update });
}

interface ChainState extends OptimizerState {
  readonly states: readonly OptimizerState[];
}

function init<Params>(this: Chain, params: Params): ChainState {
  return part("ChainState", {
    states: this.transforms.map((transform) => transform.init(params)),
  });
}

function update<Params>(
  this: Chain,
  grads: Params,
  state: OptimizerState,
  params?: Params,
): OptimizerStep<Params> {
  const { transforms } = this;
  const before = (state as Partial<ChainState> | undefined)?.states;
  if (before?.length !== transforms.length) {
    throw new TypeError(
      "optimizer.update: state is not one of this optimiser; pass what init or the last update returned",
    );
  }
  let updates = grads;
  const states = transforms.map((transform, i) => {
    const step = transform.update(updates, before[i]!, params);
    updates = step.updates;
    return step.state;
  });
  return { updates, state: part("ChainState", { states }) };
}
