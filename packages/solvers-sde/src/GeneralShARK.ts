import {
  stochasticRungeKutta,
  type StochasticRungeKutta,
  type StochasticRungeKuttaOptions,
} from "./stochasticRungeKutta.ts";
import type { StochasticButcherTableau } from "./StochasticButcherTableau.ts";

/** ShARK for noise that depends on the state: 2 stages of the drift, 3 of the diffusion. */
export const generalSharkTableau: StochasticButcherTableau = /* @__PURE__ */ (() => ({
  source: "Foster, dos Reis & Strange (2023), equation (6.1), arXiv:2210.17543",
  order: 2,
  noiseType: "general",
  strongOrder: 1 / 2,
  c: [0, 5 / 6],
  a: [[0], [0, 5 / 6]],
  bSol: [0, 2 / 5, 3 / 5],
  coeffsW: { a: [[0], [0, 5 / 6]], bSol: [0, 2 / 5, 3 / 5] },
  coeffsHh: { a: [[1], [1, 0]], bSol: [0, 6 / 5, -6 / 5] },
}))();

/**
 * ShARK for Stratonovich equations of any noise, `dy = f dt + g ∘ dw`: two evaluations of the drift and three of the diffusion in each step.
 *
 * Strong order 1/2 for general noise, with errors of three steps of `Heun`; 1 for commutative noise, and 1.5 for additive noise. Take it if the
 * drift is dear and steps are constant; it has no estimate of its error, as `SPaRK` has. It needs a Brownian motion with
 * `levyArea: "SpaceTimeLevyArea"`.
 *
 * @see Foster, dos Reis & Strange (2023), equation (6.1), arXiv:2210.17543
 *
 * @example
 * ```ts
 * import { ControlTerm, diffeqsolve, GeneralShARK, MultiTerm, ODETerm, VirtualBrownianTree } from "@diffrax-ts/core";
 * import { key } from "@diffrax-ts/random";
 *
 * // dy = y ∘ dw, with the solution exp(w(t))
 * const path = VirtualBrownianTree({ t0: 0, t1: 1, tol: 1e-3, shape: [], levyArea: "SpaceTimeLevyArea", key: key(0) });
 * const noise = ControlTerm((t: number, y: number) => y, path);
 * const terms = MultiTerm(ODETerm((t: number, y: number) => 0), noise);
 * const { ys } = diffeqsolve(terms, GeneralShARK(), { t0: 0, t1: 1, dt0: 0.01, y0: 1 });
 * ys.at(0).item() - Math.exp(path.evaluate(0, 1).item());
 * // → 0.00…
 * ```
 */
export function GeneralShARK(
  options?: StochasticRungeKuttaOptions,
): StochasticRungeKutta<"GeneralShARK"> {
  return stochasticRungeKutta("GeneralShARK", generalSharkTableau, options);
}
