import {
  diffeqsolve,
  MultiTerm,
  np,
  QUICSORT,
  type Tensor,
  UnderdampedLangevinDiffusionTerm,
  UnderdampedLangevinDriftTerm,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import { key } from "@diffrax-ts/random";

/** A path of two independent oscillators. */
export interface Oscillation {
  readonly ts: Tensor;
  /** Their positions. */
  readonly xs: Tensor;
}

/** Two oscillators in the potential `x²`, one with much friction and one with little: the example of Diffrax. */
export function oscillators(seed: number): Oscillation {
  const matrices = { gamma: [2, 0.5], u: [0.5, 2] };
  const drift = UnderdampedLangevinDriftTerm({
    ...matrices,
    gradF: ([a, b]: readonly [number, number]) => [2 * a, 2 * b],
  });
  const bm = VirtualBrownianTree({
    t0: 0,
    t1: 20,
    tol: 0.01,
    shape: [2],
    key: key(seed),
    levyArea: "SpaceTimeTimeLevyArea",
  });
  const diffusion = UnderdampedLangevinDiffusionTerm({ ...matrices, bm });
  const { ts, ys } = diffeqsolve(MultiTerm(drift, diffusion), QUICSORT(), {
    t0: 0,
    t1: 20,
    dt0: 0.05,
    y0: [np.zeros(2), np.zeros(2)],
    saveat: { steps: true },
  });
  return { ts, xs: ys[0] };
}
