import { np, type Tensor } from "@diffrax-ts/core";
import type { Key } from "@diffrax-ts/random";
import { type Model, makeModel } from "./model.ts";
import { train } from "./train.ts";

/** What is learnt from, and for how long. */
export interface Lesson {
  /** The times, `[times]`, and the paths at these times, `[times, paths, 2]`. */
  readonly ts: Tensor;
  readonly ys: Tensor;
  /** Of each phase. */
  readonly steps: number;
  /** For the first parameters, and for the order of the paths. */
  readonly keys: { readonly model: Key; readonly order: Key };
}

/**
 * A model of the paths, learnt in two phases: the first tenth of them, and then all. From whole paths alone it would easily get
 * caught in a local minimum.
 */
export function learn({ ts, ys, steps, keys }: Lesson): Model {
  const few = Math.floor(ts.length / 10);
  let model = makeModel(keys.model);
  for (const length of [few, ts.length]) {
    console.log(`${steps} steps with the first ${length} points of the paths`);
    const part = { ts: np.slice(ts, [0, length]), ys: np.slice(ys, [0, length]) };
    const training = { ...part, steps, learningRate: 3e-3, batchSize: 32, key: keys.order };
    let start = performance.now();
    let first = 0;
    for (const { step, model: next, loss } of train(model, training)) {
      model = next;
      if (step === 0) [first, start] = [performance.now() - start, performance.now()];
      if (step % (steps / 5) === 0 || step === steps - 1) {
        console.log(`step ${String(step).padStart(3)}   loss ${loss.toFixed(5)}`);
      }
    }
    const others = (performance.now() - start) / (steps - 1);
    console.log(`first step ${first.toFixed(0)} ms, others ${others.toFixed(1)} ms each\n`);
  }
  return model;
}
