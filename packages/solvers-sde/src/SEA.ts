import {
  stochasticRungeKutta,
  type StochasticRungeKutta,
  type StochasticRungeKuttaOptions,
} from "./stochasticRungeKutta.ts";
import type { StochasticButcherTableau } from "./StochasticButcherTableau.ts";

/** The shifted Euler method: 1 stage. */
export const seaTableau: StochasticButcherTableau = /* @__PURE__ */ (() => ({
  source: "Foster, dos Reis & Strange (2023), equation (5.8), arXiv:2210.17543",
  order: 1,
  noiseType: "additive",
  strongOrder: 1,
  c: [],
  a: [],
  bSol: [1],
  coeffsW: { a: [1 / 2], bSol: 1 },
  coeffsHh: { a: [1], bSol: 0 },
}))();

/**
 * The shifted Euler method for additive noise, `dy = f(t, y) dt + g(t) dw`: one evaluation of the drift in each step.
 *
 * ```text
 * z  = y₀ + g(t₀) (½ W + H)
 * y₁ = y₀ + f(t₀, z) h + g(t₀) W + (g(t₁) - g(t₀)) (½ W - H)
 * ```
 *
 * Strong order 1, as `Euler`, with smaller errors. Take it where evaluations of the drift are dear and a rough solution will do;
 * otherwise `ShARK`. It needs a Brownian motion with `levyArea: "SpaceTimeLevyArea"`, and has no estimate of its error.
 *
 * @throws TypeError at the start of a solve whose diffusion depends on `y`.
 * @see Foster, dos Reis & Strange (2023), equation (5.8), arXiv:2210.17543
 *
 * @example
 * ```ts
 * import { ControlTerm, diffeqsolve, MultiTerm, ODETerm, SEA, VirtualBrownianTree } from "@diffrax-ts/core";
 * import { key } from "@diffrax-ts/random";
 *
 * const tree = { t0: 0, t1: 1, tol: 1e-3, shape: [], levyArea: "SpaceTimeLevyArea", key: key(0) } as const;
 * const noise = ControlTerm((t: number, y: number) => 0.2, VirtualBrownianTree(tree));
 * const terms = MultiTerm(ODETerm((t: number, y: number) => -y), noise);
 * const { ys } = diffeqsolve(terms, SEA(), { t0: 0, t1: 1, dt0: 0.01, y0: 1 });
 * ys.at(0).item();
 * // → 0.4…
 * ```
 */
export function SEA(options?: StochasticRungeKuttaOptions): StochasticRungeKutta<"SEA"> {
  return stochasticRungeKutta("SEA", seaTableau, options);
}
