import { diffeqsolve, Dopri5, type Plain, type Tensor } from "@diffrax-ts/core";
import type { Observation, State } from "./oscillator.ts";

/** A symmetric matrix of two rows: of positions, of both, of velocities. */
type Symmetric = readonly [pp: number, pv: number, vv: number];

/** What a filter can be tuned by. */
export interface Tuning<T = number> {
  /** A matrix of which `QᵀQ` is the covariance of what the model does not know of the oscillator. */
  readonly qRoot: readonly [readonly [T, T], readonly [T, T]];
  /** The standard deviation that it takes measurements to have. */
  readonly rRoot: T;
}

/** What a filter believes: a state, and the covariance of its error. */
export interface Belief {
  readonly x: State;
  readonly P: Symmetric;
}

interface Args {
  /** What the filter takes the damping to be. */
  readonly damping: number;
  readonly tuning: Tuning;
  readonly measured: Plain<Observation["measured"]>;
}

/**
 * The filter of Kalman and Bucy, for an oscillator whose velocity is measured: `x' = A x + K (y - v)` with the gain `K = P Cᵀ / r`, and
 * `P' = A P + P Aᵀ + Q - K r Kᵀ`.
 */
export function kalmanBucy(
  t: number,
  { x: [p, v], P: [pp, pv, vv] }: Belief,
  { damping, tuning, measured }: Args,
): Belief {
  const { qRoot, rRoot } = tuning;
  const [[a, b], [c, d]] = qRoot;
  const r = rRoot * rRoot;
  const surprise = measured.evaluate(t) - v;
  return {
    x: [v + (pv / r) * surprise, -p - 2 * damping * v + (vv / r) * surprise],
    P: [
      2 * pv + a * a + c * c - (pv * pv) / r,
      vv - pp - 2 * damping * pv + a * b + c * d - (pv * vv) / r,
      -2 * pv - 4 * damping * vv + b * b + d * d - (vv * vv) / r,
    ],
  };
}

/** What a filter believes an oscillator to do, whose damping it gets wrong and of whose start it knows nothing. */
export function filtered(
  { ts, measured }: Pick<Observation, "ts" | "measured">,
  tuning: Tuning<unknown>,
): readonly [Tensor, Tensor] {
  const { ys } = diffeqsolve(kalmanBucy, Dopri5(), {
    t0: 0,
    t1: ts.at(-1),
    dt0: 0.01,
    y0: { x: [0, 0], P: [10, 0, 10] },
    args: { damping: 0.7, tuning: tuning as Tuning, measured },
    saveat: { ts },
  });
  return ys.x;
}
