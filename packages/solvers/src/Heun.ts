import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
import type { ButcherTableau } from "./ButcherTableau.ts";
import { type ExplicitRungeKutta, rungeKutta, type RungeKuttaOptions } from "./rungeKutta.ts";

/** Heun's 2(1) pair: 2 stages. */
export const heunTableau: ButcherTableau = /* @__PURE__ */ (() => ({
  source: "Hairer, Nørsett & Wanner, Solving ODEs I, II.1, table 1.1; embedded: Euler",
  order: 2,
  embeddedOrder: 1,
  strongOrder: 0.5,
  c: [1],
  aLower: [[1]],
  bSol: [1 / 2, 1 / 2],
  bError: [1 / 2, -1 / 2],
}))();

/**
 * Heun's method `y₁ = y₀ + ½ (k₁ + k₂)`, also called the explicit trapezoidal rule: order 2, with Euler's method embedded.
 *
 * Two evaluations in each step. Between the steps it is a cubic of order 2: its second stage stands at the end of the step, so
 * that the slopes of the cubic are those of both ends.
 *
 * @example
 * ```ts
 * import { diffeqsolve } from "@diffrax-ts/core";
 * import { Heun } from "@diffrax-ts/solvers";
 *
 * const { ys } = diffeqsolve((t, y) => -y, Heun(), { t0: 0, t1: 1, dt0: 0.1, y0: 1 });
 * ys.at(0).item() - Math.exp(-1);
 * // → 0.00066…
 * ```
 */
export function Heun(options?: RungeKuttaOptions): ExplicitRungeKutta<"Heun"> {
  return rungeKutta("Heun", heunTableau, thirdOrderHermitePolynomialInterpolation, options);
}
