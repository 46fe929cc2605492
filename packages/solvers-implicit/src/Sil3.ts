import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
import type { ImplicitOptions } from "./ImplicitOptions.ts";
import { type ImexRungeKutta, implicitRungeKutta } from "./implicitRungeKutta.ts";
import type { MultiButcherTableau } from "./MultiButcherTableau.ts";

/** Whitaker and Kar's pair: 4 stages, the first of them explicit in both parts; first same as last. */
export const sil3Tableau: MultiButcherTableau = /* @__PURE__ */ (() => {
  const source =
    "Whitaker & Kar (2013), Mon. Weather Rev. 141(10), 3426–3434, doi:10.1175/MWR-D-13-00132.1";
  const c = [1 / 3, 2 / 3, 1];
  return {
    source,
    order: 2,
    embeddedOrder: 2,
    tableaus: [
      {
        source,
        // Of order 3 for linear problems alone: Σᵢ bᵢ cᵢ² is 7/18, and not 1/3.
        order: 2,
        embeddedOrder: 2,
        c,
        aLower: [[1 / 3], [1 / 6, 1 / 2], [1 / 2, -1 / 2, 1]],
        bSol: [1 / 2, -1 / 2, 1, 0],
        bError: [0, 1 / 2, -1, 1 / 2],
      },
      {
        source,
        order: 2,
        embeddedOrder: 2,
        c,
        aLower: [[1 / 6], [1 / 3, 0], [3 / 8, 0, 3 / 8]],
        aDiagonal: [0, 1 / 6, 1 / 3, 1 / 4],
        // The line through the first two stages.
        aPredictor: [[1], [-1, 2], [-1, 2, 0]],
        bSol: [3 / 8, 0, 3 / 8, 1 / 4],
        bError: [1 / 8, 0, -3 / 8, 1 / 4],
      },
    ],
  };
})();

/**
 * Whitaker and Kar's method for a sum of two terms, of which the first is slow and the second fast, as in models of the weather: of order 2, and of order 3 in
 * the first term if that is linear.
 *
 * The terms are `MultiTerm(explicit, implicit)`. Four stages: the first is the last one of the step before, and three are implicit in the second term, each with a
 * Jacobian of its own. Between the steps it is the cubic with the slopes of both ends.
 *
 * @see Whitaker & Kar (2013), doi:10.1175/MWR-D-13-00132.1
 *
 * @example
 * ```ts
 * import { diffeqsolve, MultiTerm, ODETerm, PIDController } from "@diffrax-ts/core";
 * import { Sil3 } from "@diffrax-ts/solvers-implicit";
 *
 * const terms = MultiTerm(
 *   ODETerm((t: number, y: number) => Math.cos(t) - y - Math.sin(t)),
 *   ODETerm((t: number, y: number) => -1000 * (y - Math.cos(t))),
 * );
 * const { ys } = diffeqsolve(terms, Sil3(), {
 *   t0: 0, t1: 1, dt0: null, y0: 1,
 *   stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-3 }),
 * });
 * Math.abs(ys.at(0).item() - Math.cos(1)) < 1e-3;
 * // → true
 * ```
 */
export function Sil3(options: ImplicitOptions = {}): ImexRungeKutta<"Sil3"> {
  const method = {
    tableau: sil3Tableau,
    calculateJacobian: "everyStage",
    interpolation: thirdOrderHermitePolynomialInterpolation,
    // Both solutions are of order 2, so that their difference is of order 3; Diffrax controls steps as if it were of order 2.
    ...(options.diffrax072 === true ? { errorOrder: 2 } : {}),
  } as const;
  return implicitRungeKutta("Sil3", method, options);
}
