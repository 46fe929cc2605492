import {
  stochasticRungeKutta,
  type StochasticRungeKutta,
  type StochasticRungeKuttaOptions,
} from "./stochasticRungeKutta.ts";
import type { StochasticButcherTableau } from "./StochasticButcherTableau.ts";

/** The shifted additive-noise Runge–Kutta method: 2 stages. */
export const sharkTableau: StochasticButcherTableau = /* @__PURE__ */ (() => ({
  source: "Foster, dos Reis & Strange (2023), equation (6.1), arXiv:2210.17543",
  order: 2,
  noiseType: "additive",
  strongOrder: 1.5,
  c: [5 / 6],
  a: [[5 / 6]],
  bSol: [2 / 5, 3 / 5],
  bError: [-3 / 5, 3 / 5],
  coeffsW: { a: [0, 5 / 6], bSol: 1 },
  coeffsHh: { a: [1, 1], bSol: 0 },
}))();

/**
 * The shifted additive-noise Runge–Kutta method, `dy = f(t, y) dt + g(t) dw`: the one to take for additive noise.
 *
 * Strong order 1.5, with an estimate of the error for adaptive steps; two evaluations of the drift in each step. It needs a Brownian
 * motion with `levyArea: "SpaceTimeLevyArea"`.
 *
 * @throws TypeError at the start of a solve whose diffusion depends on `y`.
 * @see Foster, dos Reis & Strange (2023), equation (6.1), arXiv:2210.17543
 *
 * @example
 * ```ts
 * import { ControlTerm, diffeqsolve, MultiTerm, ODETerm, ShARK, VirtualBrownianTree } from "@diffrax-ts/core";
 * import { key } from "@diffrax-ts/random";
 *
 * const tree = { t0: 0, t1: 1, tol: 1e-3, shape: [], levyArea: "SpaceTimeLevyArea", key: key(0) } as const;
 * const noise = ControlTerm((t: number, y: number) => 0.2, VirtualBrownianTree(tree));
 * const terms = MultiTerm(ODETerm((t: number, y: number) => -y), noise);
 * const { ys } = diffeqsolve(terms, ShARK(), { t0: 0, t1: 1, dt0: 0.01, y0: 1 });
 * ys.at(0).item();
 * // → 0.4…
 * ```
 */
export function ShARK(options?: StochasticRungeKuttaOptions): StochasticRungeKutta<"ShARK"> {
  return stochasticRungeKutta("ShARK", sharkTableau, options);
}
