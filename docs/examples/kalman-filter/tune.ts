import { jit, np, type Scalar, type Tensor, type Traced, valueAndGrad } from "@diffrax-ts/core";
import { adam, applyUpdates, type OptimizerState } from "@diffrax-ts/nn";
import { filtered, type Tuning } from "./kalmanFilter.ts";
import type { Observation } from "./oscillator.ts";

/** The mean square of the error of a belief. */
function meanSquare(truth: readonly [Tensor, Tensor], belief: readonly [Tensor, Tensor]): Scalar {
  const [p, v] = truth.map((x, i) => np.mean(np.square(np.sub(x, belief[i]!)))) as [Scalar, Scalar];
  return np.mul(0.5, np.add(p, v));
}

/**
 * Tunes a filter by gradients of its error through the solve.
 *
 * @yields After each step, the error before it.
 */
export function* tune(
  first: Tuning,
  { truth, ...seen }: Observation,
  steps: number,
): Generator<{ readonly error: number; readonly tuning: Tuning<Scalar> }> {
  const optimizer = adam(1e-2);
  const error = (tuning: Traced<Tuning>) => meanSquare(truth, filtered(seen, tuning));
  const update = jit((tuning: Tuning<Scalar>, state: OptimizerState) => {
    const { value, grad } = valueAndGrad(error)(tuning);
    const { updates, state: next } = optimizer.update(grad, state);
    return { tuning: applyUpdates(tuning, updates), state: next, value };
  });
  let [tuning, state] = [tensors(first), optimizer.init(tensors(first))];
  for (let step = 0; step < steps; step++) {
    const after = update(tuning, state);
    ({ tuning, state } = after);
    yield { error: after.value.item(), tuning };
  }
}

function tensors({ qRoot: [[a, b], [c, d]], rRoot }: Tuning): Tuning<Scalar> {
  const one = (x: number): Scalar => np.tensor(x);
  return {
    qRoot: [
      [one(a), one(b)],
      [one(c), one(d)],
    ],
    rRoot: one(rRoot),
  };
}
