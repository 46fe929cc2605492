import { jit, linearInterpolation, np, type Scalar, valueAndGrad, vmap } from "@diffrax-ts/core";
import {
  applyUpdates,
  incrementalUpdate,
  type LearningRate,
  type OptimizerState,
  rmsprop,
} from "@diffrax-ts/nn";
import { map } from "@diffrax-ts/pytree";
import { foldIn, type Key, split, splitList } from "@diffrax-ts/random";
import { batches } from "../shared/batches.ts";
import type { Paths, Series } from "./data.ts";
import { clipped, type Discriminator, score } from "./discriminator.ts";
import { generate, type NeuralSDE } from "./generator.ts";

/** Two that learn from one another. */
export interface Adversaries {
  readonly generator: NeuralSDE;
  readonly discriminator: Discriminator;
}

/** What is learnt from, and how. */
export interface Training {
  readonly ts: Series;
  /** NaN where a value is missing. */
  readonly data: Paths;
  readonly steps: number;
  readonly learningRates: Readonly<Record<keyof Adversaries, LearningRate>>;
  /** How many paths a step sees, and how many it makes. */
  readonly batchSize: number;
  /** For their order, and for the noise. */
  readonly key: Key;
}

/** What a step has led to. */
export interface Trained {
  readonly step: number;
  /** The mean of the generators of the last hundred steps or so: each of them goes too far. */
  readonly generator: NeuralSDE;
  /** Of the batch, before the step. */
  readonly loss: number;
}

/** By how much the scores of data are higher than those of as many paths of the generator, on average. */
export function loss(
  { generator, discriminator }: Adversaries,
  ts: Series,
  data: Paths,
  key: Key,
): Scalar {
  const real = vmap((x: Series) => score(discriminator, ts, filled(ts, x)))(data);
  const fake = vmap((one: Key) => score(discriminator, ts, generate(generator, ts, one)));
  return np.mean(np.sub(real, fake(split(key, data.length))));
}

function filled(ts: Series, x: Series): Series {
  return linearInterpolation(ts, x, { replaceNansAtStart: 0, fillForwardNansAtEnd: true });
}

/**
 * Training, step by step: the generator goes down the loss, and the discriminator up. The whole step is one compiled function.
 *
 * @yields What each step has led to.
 */
export function* train(first: Adversaries, training: Training): Generator<Trained> {
  const { ts, data, steps, learningRates, batchSize, key } = training;
  const down = rmsprop(learningRates.generator);
  const up = rmsprop(learningRates.discriminator);
  const start: State = {
    ...first,
    mean: first.generator,
    down: down.init(first.generator),
    up: up.init(first.discriminator),
  };
  const update = jit((before: State, batch: Paths, stepKey: Key) => {
    const { generator, discriminator } = before;
    const { value, grad } = valueAndGrad(loss)({ generator, discriminator }, ts, batch, stepKey);
    const made = down.update(grad.generator, before.down);
    const told = up.update(
      map((g) => np.neg(g), grad.discriminator),
      before.up,
    );
    const next = applyUpdates(generator, boldAtStart(made.updates));
    const after: State = {
      generator: next,
      mean: incrementalUpdate(next, before.mean, 0.01),
      discriminator: clipped(applyUpdates(discriminator, boldAtStart(told.updates))),
      down: made.state,
      up: told.state,
    };
    return { after, value };
  });

  let state = start;
  const [orderKey, noiseKey] = splitList(key);
  const order = batches(data.length, batchSize, orderKey);
  for (let step = 0; step < steps; step++) {
    const batch = np.take(data, order.next().value, { axis: 0 });
    const { after, value } = update(state, batch, foldIn(noiseKey, step));
    state = after;
    yield { step, generator: state.mean, loss: value.item() };
  }
}

/** What goes from step to step. */
interface State extends Adversaries {
  readonly mean: NeuralSDE;
  readonly down: OptimizerState;
  readonly up: OptimizerState;
}

/** Steps twice as long for where paths start: otherwise mostly how they go on would be learnt. */
function boldAtStart<Model extends Adversaries[keyof Adversaries]>(updates: Model): Model {
  return { ...updates, initial: map((x) => np.mul(x, 2), updates.initial) };
}
