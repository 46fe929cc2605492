import { add, mul, zerosLike } from "@diffrax-ts/array";
import { part } from "@diffrax-ts/pytree";
import { requireNumber } from "./checks.ts";
import { mapLeaves } from "./mapLeaves.ts";
import type { Optimizer, OptimizerState, OptimizerStep } from "./Optimizer.ts";

/** Options of momentum, which several optimisers have. */
export interface MomentumOptions {
  /** How much of the last step is kept. @defaultValue 0 */
  readonly momentum?: number;
  /** Whether the momentum looks one step ahead. @defaultValue false */
  readonly nesterov?: boolean;
}

interface Momentum extends Optimizer<"momentum"> {
  readonly momentum: number;
  readonly nesterov: boolean;
}

interface MomentumState extends OptimizerState {
  readonly trace: unknown;
}

/** Steps that go on: `d ← g + momentum · d`. Without momentum there is nothing to do, and no optimiser. */
export function withMomentum(name: string, options: MomentumOptions): readonly Optimizer[] {
  const { momentum = 0, nesterov = false } = options;
  requireNumber(name, "momentum", momentum, ">= 0 and < 1", (x) => x >= 0 && x < 1);
  return momentum === 0 ? [] : [part("momentum", { momentum, nesterov, init, update })];
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
