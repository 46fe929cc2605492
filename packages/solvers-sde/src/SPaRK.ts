import {
  stochasticRungeKutta,
  type StochasticRungeKutta,
  type StochasticRungeKuttaOptions,
} from "./stochasticRungeKutta.ts";
import type { StochasticButcherTableau } from "./StochasticButcherTableau.ts";

/** The splitting path Runge–Kutta method, with an estimate of its error: 3 stages. */
export const sparkTableau: StochasticButcherTableau = /* @__PURE__ */ (() => {
  const outer = (3 - Math.sqrt(3)) / 6;
  const inner = Math.sqrt(3) / 3;
  const bSol = [outer, inner, outer];
  const bError = [outer - 1 / 2, inner, outer - 1 / 2];
  return {
    source: "Foster (2023), definition 1.6, arXiv:2311.14201",
    order: 2,
    noiseType: "general",
    strongOrder: 1 / 2,
    c: [1 / 2, 1],
    a: [[1 / 2], [0, 1]],
    bSol,
    bError,
    coeffsW: { a: [[1 / 2], [0, 1]], bSol, bError },
    coeffsHh: { a: [[Math.sqrt(3)], [0, 0]], bSol: [1, 0, -1], bError: [1, 0, -1] },
  };
})();

/**
 * The splitting path Runge–Kutta method for Stratonovich equations of any noise, `dy = f dt + g ∘ dw`: the one to take with adaptive steps.
 *
 * Strong order 1/2 for general noise, with errors of three steps of `Heun`; 1 for commutative noise, and 1.5 for additive noise. Three evaluations of
 * the drift and of the diffusion in each step, with an estimate of the error. It needs a Brownian motion with
 * `levyArea: "SpaceTimeLevyArea"`.
 *
 * @see Foster (2023), On the convergence of adaptive approximations for stochastic differential equations, definition 1.6, arXiv:2311.14201
 *
 * @example
 * ```ts
 * import { ControlTerm, diffeqsolve, MultiTerm, ODETerm, SPaRK, VirtualBrownianTree } from "@diffrax-ts/core";
 * import { key } from "@diffrax-ts/random";
 *
 * // dy = y ∘ dw, with the solution exp(w(t))
 * const path = VirtualBrownianTree({ t0: 0, t1: 1, tol: 1e-3, shape: [], levyArea: "SpaceTimeLevyArea", key: key(0) });
 * const noise = ControlTerm((t: number, y: number) => y, path);
 * const terms = MultiTerm(ODETerm((t: number, y: number) => 0), noise);
 * const { ys } = diffeqsolve(terms, SPaRK(), { t0: 0, t1: 1, dt0: 0.01, y0: 1 });
 * ys.at(0).item() - Math.exp(path.evaluate(0, 1).item());
 * // → 0.00…
 * ```
 */
export function SPaRK(options?: StochasticRungeKuttaOptions): StochasticRungeKutta<"SPaRK"> {
  return stochasticRungeKutta("SPaRK", sparkTableau, options);
}
