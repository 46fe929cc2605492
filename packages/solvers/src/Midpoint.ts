import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
import type { ButcherTableau } from "./ButcherTableau.ts";
import { type ExplicitRungeKutta, rungeKutta, type RungeKuttaOptions } from "./rungeKutta.ts";

/** The midpoint rule's 2(1) pair: 2 stages. */
export const midpointTableau: ButcherTableau = /* @__PURE__ */ (() => ({
  source: "Hairer, Nørsett & Wanner, Solving ODEs I, II.1, table 1.1; embedded: Euler",
  order: 2,
  embeddedOrder: 1,
  strongOrder: 0.5,
  c: [1 / 2],
  aLower: [[1 / 2]],
  bSol: [0, 1],
  bError: [1, -1],
}))();

/**
 * The midpoint rule `y₁ = y₀ + k₂`, with `k₂` in the middle of the step: order 2, with Euler's method embedded.
 *
 * Two evaluations in each step. **Between the steps it is of order 1 only**: as in Diffrax it is the cubic that takes the last
 * stage for the slope at the end of the step, and here that is the slope in the middle. For values at given times with order 2
 * take `Heun`, or let steps end there with `StepTo`.
 *
 * @example
 * ```ts
 * import { diffeqsolve } from "@diffrax-ts/core";
 * import { Midpoint } from "@diffrax-ts/solvers";
 *
 * const { ys } = diffeqsolve((t, y) => -y, Midpoint(), { t0: 0, t1: 1, dt0: 0.1, y0: 1 });
 * ys.at(0).item() - Math.exp(-1);
 * // → 0.00066…
 * ```
 */
export function Midpoint(options?: RungeKuttaOptions): ExplicitRungeKutta<"Midpoint"> {
  return rungeKutta("Midpoint", midpointTableau, thirdOrderHermitePolynomialInterpolation, options);
}
