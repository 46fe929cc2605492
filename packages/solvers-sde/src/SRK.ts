import { checkStochasticTableau } from "./checkStochasticTableau.ts";
import {
  stochasticRungeKutta,
  type StochasticRungeKutta,
  type StochasticRungeKuttaOptions,
} from "./stochasticRungeKutta.ts";
import type { StochasticButcherTableau } from "./StochasticButcherTableau.ts";

/**
 * Makes a stochastic Runge–Kutta method from its table, for Stratonovich equations: a method of your own, or one that this package
 * lacks. It takes `MultiTerm(ODETerm(drift), ControlTerm(diffusion, path))`, where the path knows of each step what the table has
 * coefficients for.
 *
 * @param kind - Its name. Those of other packages begin with the name of the package: `"my-package/Heun"`.
 * @throws RangeError for a tableau whose lengths or sums are wrong, or that claims an order of which it does not fulfil the conditions;
 * it names the field, the stage, and what was expected. For commutative noise the conditions are those of one Brownian motion,
 * which are necessary; other tables are known exactly.
 *
 * @example
 * ```ts
 * import { type StochasticButcherTableau, SRK } from "@diffrax-ts/solvers-sde";
 *
 * const heun: StochasticButcherTableau = {
 *   source: "Rümelin (1982), doi:10.1137/0719041",
 *   order: 2, noiseType: "commutative", strongOrder: 1,
 *   c: [1],
 *   a: [[1]],
 *   bSol: [1 / 2, 1 / 2],
 *   coeffsW: { a: [[1]], bSol: [1 / 2, 1 / 2] },
 * };
 * const StochasticHeun = () => SRK("my-package/StochasticHeun", heun);
 * StochasticHeun().minimalLevyArea;
 * // → "BrownianIncrement"
 * ```
 */
export function SRK<const Kind extends string>(
  kind: Kind,
  tableau: StochasticButcherTableau,
  options?: StochasticRungeKuttaOptions,
): StochasticRungeKutta<Kind> {
  checkStochasticTableau(`SRK: ${kind}: tableau`, tableau);
  return stochasticRungeKutta(kind, tableau, options);
}
