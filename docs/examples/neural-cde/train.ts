import { jit, np, type Tensor, valueAndGrad } from "@diffrax-ts/core";
import { adam, applyUpdates, type OptimizerState } from "@diffrax-ts/nn";
import { map } from "@diffrax-ts/pytree";
import type { Key } from "@diffrax-ts/random";
import { batches } from "../shared/batches.ts";
import { assess, type NeuralCDE } from "./model.ts";
import type { Spirals } from "./spirals.ts";

/** What is learnt from, and how. */
export interface Training {
  readonly ts: Tensor;
  readonly data: Spirals;
  readonly steps: number;
  readonly learningRate: number;
  /** How many spirals a step sees. */
  readonly batchSize: number;
  /** For their order. */
  readonly key: Key;
}

/** What a step has led to. */
export interface Trained {
  readonly step: number;
  readonly model: NeuralCDE;
  /** Of the batch, before the step. */
  readonly loss: number;
  readonly accuracy: number;
}

/**
 * Training, step by step. The whole step is one compiled function, which is traced in the first step alone.
 *
 * @yields What each step has led to.
 */
export function* train(first: NeuralCDE, training: Training): Generator<Trained> {
  const { ts, data, steps, learningRate, batchSize, key } = training;
  const optimizer = adam(learningRate);
  const update = jit((model: NeuralCDE, state: OptimizerState, batch: Spirals) => {
    const { value, aux, grad } = valueAndGrad(assess, { hasAux: true })(model, ts, batch);
    const { updates, state: next } = optimizer.update(grad, state);
    return { model: applyUpdates(model, updates), state: next, loss: value, accuracy: aux };
  });

  let [model, state] = [first, optimizer.init(first)];
  const order = batches(data.labels.length, batchSize, key);
  for (let step = 0; step < steps; step++) {
    const rows = order.next().value;
    const after = update(
      model,
      state,
      map((x) => np.take(x, rows, { axis: 0 }), data),
    );
    ({ model, state } = after);
    yield { step, model, loss: after.loss.item(), accuracy: after.accuracy.item() };
  }
}
