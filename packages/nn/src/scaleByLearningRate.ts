import { add, astype, mul, neg, tensor } from "@diffrax-ts/array";
import { describeValue, isTensor, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { mapLeaves } from "./mapLeaves.ts";
import type { Optimizer, OptimizerState, OptimizerStep } from "./Optimizer.ts";
import type { Schedule } from "./Schedule.ts";

/** How far a step goes: a number, a tensor (which can change without a new trace), or a schedule. */
export type LearningRate = number | Tensor | Schedule;

interface Scaling extends Optimizer<"scaleByLearningRate"> {
  readonly learningRate: LearningRate;
}

interface ScalingState extends OptimizerState {
  /** How many steps there were; only a schedule wants to know. */
  readonly count: Scalar | null;
}

/** Updates against the gradient: `-learningRate · gradient`. */
export function scaleByLearningRate(name: string, learningRate: LearningRate): Optimizer {
  const isRight =
    typeof learningRate === "number"
      ? learningRate >= 0 && learningRate < Infinity
      : isTensor(learningRate)
        ? learningRate.shape.length === 0
        : typeof learningRate?.value === "function";
  if (!isRight) {
    const isNegative = typeof learningRate === "number" && learningRate < 0;
    throw new RangeError(
      `${name}: learningRate must be a number >= 0, a scalar tensor or a schedule, got ${describeValue(learningRate)}${isNegative ? "; to climb, negate the loss" : ""}`,
    );
  }
  return part("scaleByLearningRate", { learningRate, init, update });
}

function isConstant(learningRate: LearningRate): learningRate is number | Tensor {
  return typeof learningRate === "number" || isTensor(learningRate);
}

function init(this: Scaling): ScalingState {
  const count = isConstant(this.learningRate) ? null : tensor(0, { dtype: "int32" });
  return part("ScalingState", { count });
}

function update<Params>(
  this: Scaling,
  grads: Params,
  state: OptimizerState,
): OptimizerStep<Params> {
  const { learningRate } = this;
  const { count } = state as ScalingState;
  const rate = isConstant(learningRate) ? learningRate : learningRate.value(count!);
  const updates: Params = mapLeaves(
    (g) => mul(g, typeof rate === "number" ? -rate : neg(astype(rate, g.dtype))),
    { grads },
  );
  return {
    updates,
    state: part("ScalingState", { count: count === null ? null : add(count, 1) }),
  };
}
