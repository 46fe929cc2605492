import { jit, np, valueAndGrad } from "@diffrax-ts/core";
import { adam, applyUpdates, type OptimizerState } from "@diffrax-ts/nn";
import { foldIn, type Key, splitList } from "@diffrax-ts/random";
import { batches } from "../shared/batches.ts";
import { type LatentODE, loss } from "./model.ts";
import type { Paths } from "./oscillators.ts";

/** What is learnt from, and how. */
export interface Training {
  readonly data: Paths;
  readonly steps: number;
  readonly learningRate: number;
  /** How many paths a step sees. */
  readonly batchSize: number;
  /** For their order, and for the noise of their encodings. */
  readonly key: Key;
}

/** What a step has led to. */
export interface Trained {
  readonly step: number;
  readonly model: LatentODE;
  /** Of the batch, before the step. */
  readonly loss: number;
}

/**
 * Training, step by step. The whole step is one compiled function, which is traced in the first step alone.
 *
 * @yields What each step has led to.
 */
export function* train(first: LatentODE, training: Training): Generator<Trained> {
  const { data, steps, learningRate, batchSize, key } = training;
  const optimizer = adam(learningRate);
  const update = jit((model: LatentODE, state: OptimizerState, batch: Paths, noise: Key) => {
    const { value, grad } = valueAndGrad(loss)(model, batch, noise);
    const { updates, state: next } = optimizer.update(grad, state);
    return { model: applyUpdates(model, updates), state: next, value };
  });

  let [model, state] = [first, optimizer.init(first)];
  const [orderKey, noiseKey] = splitList(key);
  const order = batches(data.ts.length, batchSize, orderKey);
  for (let step = 0; step < steps; step++) {
    const rows = order.next().value;
    const batch = {
      ts: np.take(data.ts, rows, { axis: 0 }),
      ys: np.take(data.ys, rows, { axis: 0 }),
    };
    const after = update(model, state, batch, foldIn(noiseKey, step));
    ({ model, state } = after);
    yield { step, model, loss: after.value.item() };
  }
}
