import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
import type { ButcherTableau } from "./ButcherTableau.ts";
import { type ExplicitRungeKutta, rungeKutta, type RungeKuttaOptions } from "./rungeKutta.ts";

/** Ralston's 2(1) pair: 2 stages. */
export const ralstonTableau: ButcherTableau = /* @__PURE__ */ (() => ({
  source:
    "Ralston (1962), Math. Comp. 16, 431–437, doi:10.1090/S0025-5718-1962-0150954-0; embedded: Euler",
  order: 2,
  embeddedOrder: 1,
  strongOrder: 0.5,
  c: [2 / 3],
  aLower: [[2 / 3]],
  bSol: [1 / 4, 3 / 4],
  bError: [3 / 4, -3 / 4],
}))();

/**
 * Ralston's method `y₁ = y₀ + ¼ k₁ + ¾ k₂`, with `k₂` at two thirds of the step: order 2 with the least bound on the error of a
 * step among methods of two stages, and with Euler's method embedded.
 *
 * Two evaluations in each step. **Between the steps it is of order 1 only**: as in Diffrax it is the cubic that takes the last
 * stage for the slope at the end of the step, and here that is the slope at two thirds of it. For values at given times with
 * order 2 take `Heun`, or let steps end there with `StepTo`.
 *
 * @see Ralston (1962), doi:10.1090/S0025-5718-1962-0150954-0
 *
 * @example
 * ```ts
 * import { diffeqsolve } from "@diffrax-ts/core";
 * import { Ralston } from "@diffrax-ts/solvers";
 *
 * const { ys } = diffeqsolve((t, y) => -y, Ralston(), { t0: 0, t1: 1, dt0: 0.1, y0: 1 });
 * ys.at(0).item() - Math.exp(-1);
 * // → 0.00066…
 * ```
 */
export function Ralston(options?: RungeKuttaOptions): ExplicitRungeKutta<"Ralston"> {
  return rungeKutta("Ralston", ralstonTableau, thirdOrderHermitePolynomialInterpolation, options);
}
