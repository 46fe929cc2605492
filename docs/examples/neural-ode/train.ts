import { jit, np, type Tensor, valueAndGrad } from "@diffrax-ts/core";
import { adabelief, applyUpdates, type OptimizerState } from "@diffrax-ts/nn";
import type { Key } from "@diffrax-ts/random";
import { batches } from "../shared/batches.ts";
import { loss, type Model } from "./model.ts";

/** What is learnt from, and how. */
export interface Training {
  /** The times, `[times]`, and the paths at these times, `[times, paths, 2]`. */
  readonly ts: Tensor;
  readonly ys: Tensor;
  readonly steps: number;
  readonly learningRate: number;
  /** How many paths a step sees. */
  readonly batchSize: number;
  /** For their order. */
  readonly key: Key;
}

/** What a step has led to. */
export interface Trained {
  readonly step: number;
  readonly model: Model;
  /** Of the batch, before the step. */
  readonly loss: number;
}

/**
 * Training, step by step. The whole step is one compiled function, which is traced in the first step alone.
 *
 * @yields What each step has led to.
 */
export function* train(first: Model, training: Training): Generator<Trained> {
  const { ts, ys, steps, learningRate, batchSize, key } = training;
  const optimizer = adabelief(learningRate);
  const update = jit((model: Model, state: OptimizerState, batch: Tensor) => {
    const { value, grad } = valueAndGrad(loss)(model, ts, batch);
    const { updates, state: next } = optimizer.update(grad, state);
    return { model: applyUpdates(model, updates), state: next, value };
  });

  let [model, state] = [first, optimizer.init(first)];
  const order = batches(ys.shape[1]!, batchSize, key);
  for (let step = 0; step < steps; step++) {
    const batch = np.take(ys, order.next().value, { axis: 1 });
    const after = update(model, state, batch);
    ({ model, state } = after);
    yield { step, model, loss: after.value.item() };
  }
}
