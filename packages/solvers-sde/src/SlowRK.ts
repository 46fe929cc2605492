import {
  stochasticRungeKutta,
  type StochasticRungeKutta,
  type StochasticRungeKuttaOptions,
} from "./stochasticRungeKutta.ts";
import type { StochasticButcherTableau } from "./StochasticButcherTableau.ts";

/** SLOW-RK: 2 stages of the drift, 5 of the diffusion. */
export const slowRKTableau: StochasticButcherTableau = /* @__PURE__ */ (() => ({
  source: "Foster, dos Reis & Strange (2023), equation (6.2), arXiv:2210.17543",
  order: 2,
  noiseType: "commutative",
  strongOrder: 1.5,
  c: [1 / 2, 1 / 2, 1 / 2, 1 / 2, 3 / 4, 1],
  a: [
    [1 / 2],
    [1 / 2, 0],
    [1 / 2, 0, 0],
    [1 / 2, 0, 0, 0],
    [3 / 4, 0, 0, 0, 0],
    [1, 0, 0, 0, 0, 0],
  ],
  bSol: [1 / 3, 0, 0, 0, 0, 2 / 3, 0],
  coeffsW: {
    a: [[0], [0, 1 / 2], [0, 0, 1 / 2], [0, 0, 0, 1], [0, 0, 0, 3 / 4, 0], [0, 0, 1 / 2, 0, 0, 0]],
    bSol: [0, 1 / 6, 1 / 3, 1 / 3, 1 / 6, 0, 0],
  },
  coeffsHh: {
    a: [[0], [0, 0], [0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 3 / 2, 0], [0, 0, 0, 0, 0, 0]],
    bSol: [0, 0, 0, 2, 0, 0, -2],
  },
}))();

/**
 * SLOW-RK for Stratonovich equations with commutative noise, `dy = f dt + g ∘ dw`: two evaluations of the drift and five of the diffusion in each
 * step.
 *
 * Strong order 1.5 where the noise is commutative, as it is if it is diagonal or there is one Brownian motion; 1/2 otherwise, for which
 * `GeneralShARK` and `SPaRK` cost less. It has no estimate of its error, and needs a Brownian motion with `levyArea: "SpaceTimeLevyArea"`.
 *
 * @see Foster, dos Reis & Strange (2023), equation (6.2), arXiv:2210.17543
 *
 * @example
 * ```ts
 * import { ControlTerm, diffeqsolve, MultiTerm, ODETerm, SlowRK, VirtualBrownianTree } from "@diffrax-ts/core";
 * import { key } from "@diffrax-ts/random";
 *
 * // dy = y ∘ dw, with the solution exp(w(t))
 * const path = VirtualBrownianTree({ t0: 0, t1: 1, tol: 1e-3, shape: [], levyArea: "SpaceTimeLevyArea", key: key(0) });
 * const noise = ControlTerm((t: number, y: number) => y, path);
 * const terms = MultiTerm(ODETerm((t: number, y: number) => 0), noise);
 * const { ys } = diffeqsolve(terms, SlowRK(), { t0: 0, t1: 1, dt0: 0.01, y0: 1 });
 * ys.at(0).item() - Math.exp(path.evaluate(0, 1).item());
 * // → 0.0000…
 * ```
 */
export function SlowRK(options?: StochasticRungeKuttaOptions): StochasticRungeKutta<"SlowRK"> {
  return stochasticRungeKutta("SlowRK", slowRKTableau, options);
}
