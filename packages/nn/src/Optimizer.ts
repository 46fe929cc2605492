import type { Part } from "@diffrax-ts/pytree";

/** What an optimiser remembers from step to step. A tree of tensors: `jit`, `scan` and `vmap` take it as it is. */
export type OptimizerState = Part;

/** What a step of an optimiser gives. */
export interface OptimizerStep<Params> {
  /** What to add to the parameters. */
  readonly updates: Params;
  readonly state: OptimizerState;
}

/**
 * Turns gradients into updates of parameters. Parameters, gradients and updates are trees of one structure: plain data, parts,
 * or parts in plain data. Both functions are pure, and may be traced.
 */
export interface Optimizer<Kind extends string = string> extends Part<Kind> {
  /** The state before the first step. */
  readonly init: <Params>(params: Params) => OptimizerState;
  /**
   * One step.
   *
   * @param grads - Of the loss with respect to the parameters.
   * @param params - The parameters, which some optimisers need.
   */
  readonly update: <Params>(
    grads: Params,
    state: OptimizerState,
    params?: Params,
  ) => OptimizerStep<Params>;
}
