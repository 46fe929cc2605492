import {
  diffeqsolve,
  DirectBrownianPath,
  jit,
  np,
  type Scalar,
  SPaRK,
  type Tensor,
  valueAndGrad,
  vmap,
} from "@diffrax-ts/core";
import { adam, applyUpdates, cosineDecaySchedule, type OptimizerState } from "@diffrax-ts/nn";
import { type Key, split } from "@diffrax-ts/random";
import { diffusion, drift, type Params } from "./equation.ts";

/** Means and standard deviations of the three numbers at the end. */
export interface Moments {
  readonly means: Tensor;
  readonly deviations: Tensor;
}

/** What they are wanted to be. */
const wanted = { means: [0, 1, 0], deviations: [2, 2, 2] };

/** Paths from keys, `[keys, times]`, for each of the three numbers. */
export function paths(keys: Tensor, params: Params<Scalar>, ts: Tensor): readonly Tensor[] {
  const path = (own: Key, args: Params<Scalar>) => {
    const control = DirectBrownianPath({ shape: [2], key: own, levyArea: "SpaceTimeLevyArea" });
    return diffeqsolve({ drift, diffusion, control }, SPaRK(), {
      t0: 0,
      t1: 2,
      dt0: 2 ** -7,
      y0: [1, 1, 1],
      args,
      saveat: { ts },
      maxSteps: 2 ** 8,
    }).ys;
  };
  return vmap(path, { inAxes: [0, null] })(keys, params);
}

/** What the paths are like at the end. */
export function momentsOf(keys: Tensor, params: Params<Scalar>): Moments {
  const ends = paths(keys, params, np.tensor([2])).map((y) => np.ravel(y));
  return {
    means: np.stack(ends.map((y) => np.mean(y))),
    deviations: np.stack(ends.map((y) => np.std(y))),
  };
}

/** How far they are from what is wanted. */
export function loss(params: Params<Scalar>, keys: Tensor): Scalar {
  const { means, deviations } = momentsOf(keys, params);
  const off = np.add(
    np.square(np.sub(means, Float64Array.from(wanted.means))),
    np.square(np.sub(deviations, Float64Array.from(wanted.deviations))),
  );
  return np.sqrt(np.sum(off));
}

/**
 * Changes the parameters so that the paths of a key end as wanted.
 *
 * @yields The loss before each step, and the parameters after it.
 */
export function* fit(
  first: Params,
  { count, steps, key }: { count: number; steps: number; key: Key },
): Generator<{ readonly loss: number; readonly params: Params<Scalar> }> {
  const keys = split(key, count);
  const rate = cosineDecaySchedule({ initValue: 0.3, decaySteps: steps, alpha: 0.01 });
  const optimizer = adam(rate, { b2: 0.99 });
  const update = jit((params: Params<Scalar>, state: OptimizerState) => {
    const { value, grad } = valueAndGrad(loss)(params, keys);
    const { updates, state: next } = optimizer.update(grad, state);
    return { params: applyUpdates(params, updates), state: next, value };
  });
  let params = tensors(first);
  let state = optimizer.init(params);
  for (let step = 0; step < steps; step++) {
    const after = update(params, state);
    ({ params, state } = after);
    yield { loss: after.value.item(), params };
  }
}

/** Parameters as they are changed. */
export function tensors({ alpha: [a, b, c], beta, gamma: [d, e, f] }: Params): Params<Scalar> {
  const one = (x: number): Scalar => np.tensor(x);
  return {
    alpha: [one(a), one(b), one(c)],
    beta: one(beta),
    gamma: [one(d), one(e), one(f)],
  };
}
