import {
  stochasticRungeKutta,
  type StochasticRungeKutta,
  type StochasticRungeKuttaOptions,
} from "./stochasticRungeKutta.ts";
import type { StochasticButcherTableau } from "./StochasticButcherTableau.ts";

/** Rößler's SRA1 with an estimate of its error: 2 stages. */
export const sra1Tableau: StochasticButcherTableau = /* @__PURE__ */ (() => ({
  source: "Rößler (2010), SIAM J. Numer. Anal. 48(3), 922–952, doi:10.1137/09076636X",
  order: 2,
  noiseType: "additive",
  strongOrder: 1.5,
  c: [3 / 4],
  a: [[3 / 4]],
  bSol: [1 / 3, 2 / 3],
  bError: [-2 / 3, 2 / 3],
  coeffsW: { a: [0, 3 / 4], bSol: 1 },
  coeffsHh: { a: [0, 3 / 2], bSol: 0 },
}))();

/**
 * Rößler's method SRA1 for additive noise, `dy = f(t, y) dt + g(t) dw`: two evaluations of the drift in each step.
 *
 * Strong order 1.5, with an estimate of the error for adaptive steps. `ShARK` costs the same, and its errors are a little smaller. It needs a
 * Brownian motion with `levyArea: "SpaceTimeLevyArea"`.
 *
 * @throws TypeError at the start of a solve whose diffusion depends on `y`.
 * @see Rößler (2010), SIAM J. Numer. Anal. 48(3), 922–952, doi:10.1137/09076636X
 *
 * @example
 * ```ts
 * import { ControlTerm, diffeqsolve, MultiTerm, ODETerm, SRA1, VirtualBrownianTree } from "@diffrax-ts/core";
 * import { key } from "@diffrax-ts/random";
 *
 * const tree = { t0: 0, t1: 1, tol: 1e-3, shape: [], levyArea: "SpaceTimeLevyArea", key: key(0) } as const;
 * const noise = ControlTerm((t: number, y: number) => 0.2, VirtualBrownianTree(tree));
 * const terms = MultiTerm(ODETerm((t: number, y: number) => -y), noise);
 * const { ys } = diffeqsolve(terms, SRA1(), { t0: 0, t1: 1, dt0: 0.01, y0: 1 });
 * ys.at(0).item();
 * // → 0.4…
 * ```
 */
export function SRA1(options?: StochasticRungeKuttaOptions): StochasticRungeKutta<"SRA1"> {
  return stochasticRungeKutta("SRA1", sra1Tableau, options);
}
