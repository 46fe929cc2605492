import {
  diffeqsolve,
  Dopri5,
  LinearInterpolation,
  np,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/core";
import { key, normal } from "@diffrax-ts/random";

/** A position and a velocity. */
export type State = readonly [position: number, velocity: number];

/** A damped oscillator: `p' = v`, `v' = -p - 2 d v`. */
function oscillator(_t: number, [p, v]: State, damping: number): State {
  return [v, -p - 2 * damping * v];
}

/** What an oscillator did, and what was measured of it. */
export interface Observation {
  readonly ts: Tensor<readonly [number]>;
  /** Its position and its velocity. */
  readonly truth: readonly [Tensor, Tensor];
  /** Its velocity, with noise, between the measurements on straight lines. */
  readonly measured: LinearInterpolation<Scalar>;
}

/** An oscillator from 1 at rest, whose velocity is measured 500 times in a time of 5, with the noise of standard normal numbers. */
export function observe(damping: number): Observation {
  const ts = np.linspace(0, 4.99, 500);
  const { ys } = diffeqsolve(oscillator, Dopri5(), {
    t0: 0,
    t1: ts.at(-1),
    dt0: 0.01,
    y0: [1, 0],
    args: damping,
    saveat: { ts },
  });
  // In float32, as the example of Diffrax has it: these are its numbers.
  const noise = np.astype(normal(key(1), [500], { dtype: "float32" }), "float64");
  return { ts, truth: ys, measured: LinearInterpolation(ts, np.add(ys[1], noise)) };
}
