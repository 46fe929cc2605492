import { jit, np, type Scalar, valueAndGrad } from "@diffrax-ts/core";
import { adamw, applyUpdates, cosineDecaySchedule, type OptimizerState } from "@diffrax-ts/nn";
import { foldIn, type Key } from "@diffrax-ts/random";
import { type Flow, logDensity } from "./flow.ts";
import { type Image, type Points, pointsOf } from "./image.ts";

/** What is learnt from, and how. */
export interface Training {
  readonly image: Image;
  readonly steps: number;
  /** Of the first step; it goes down to zero along a cosine. */
  readonly learningRate: number;
  /** How many points of the image a step sees. */
  readonly batchSize: number;
  /** For the points. */
  readonly key: Key;
}

/** What a step has led to. */
export interface Trained {
  readonly step: number;
  readonly flow: Flow;
  /** Of the batch, before the step. */
  readonly loss: number;
}

/** The mean of the negative logarithm of the density: what it is above the entropy of the image is the divergence from it. */
export function loss(flow: Flow, points: Points): Scalar {
  return np.neg(np.mean(logDensity(flow, points)));
}

/**
 * Training, step by step. The whole step, the drawing of the points included, is one compiled function.
 *
 * @yields What each step has led to.
 */
export function* train(first: Flow, training: Training): Generator<Trained> {
  const { image, steps, learningRate, batchSize, key } = training;
  const schedule = cosineDecaySchedule({ initValue: learningRate, decaySteps: steps });
  const optimizer = adamw(schedule, { weightDecay: 1e-5 });
  const update = jit((flow: Flow, state: OptimizerState, stepKey: Key) => {
    const { value, grad } = valueAndGrad(loss)(flow, pointsOf(image, batchSize, stepKey));
    const { updates, state: next } = optimizer.update(grad, state, flow);
    return { flow: applyUpdates(flow, updates), state: next, value };
  });

  let [flow, state] = [first, optimizer.init(first)];
  for (let step = 0; step < steps; step++) {
    const after = update(flow, state, foldIn(key, step));
    ({ flow, state } = after);
    yield { step, flow, loss: after.value.item() };
  }
}
