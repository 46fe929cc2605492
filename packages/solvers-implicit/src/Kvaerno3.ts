import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
import type { ButcherTableau } from "@diffrax-ts/solvers";
import type { ImplicitOptions } from "./ImplicitOptions.ts";
import { type ImplicitRungeKutta, implicitRungeKutta } from "./implicitRungeKutta.ts";

/** Kværnø's 3(2) pair: 4 stages, the first of them explicit; stiffly accurate, first same as last. */
export const kvaerno3Tableau: ButcherTableau = /* @__PURE__ */ (() => {
  // With this γ, a root of 6γ³ - 18γ² + 9γ - 1, the method is L-stable.
  const γ = 0.4358665215;
  const a3 = [(-4 * γ ** 2 + 6 * γ - 1) / (4 * γ), (1 - 2 * γ) / (4 * γ)];
  const a4 = [
    (6 * γ - 1) / (12 * γ),
    -1 / ((24 * γ - 12) * γ),
    (-6 * γ ** 2 + 6 * γ - 1) / (6 * γ - 3),
  ];
  const θ = 1 / (2 * γ); // c₃ / c₂
  return {
    source: "Kværnø (2004), BIT 44(3), 489–502, doi:10.1023/B:BITN.0000046811.70614.38",
    order: 3,
    embeddedOrder: 2,
    c: [2 * γ, 1, 1],
    aLower: [[γ], a3, a4],
    aDiagonal: [0, γ, γ, γ],
    // The line through the first two stages; the third stage is the embedded solution.
    aPredictor: [[1], [1 - θ, θ], [...a3, γ]],
    bSol: [...a4, γ],
    bError: [a4[0]! - a3[0]!, a4[1]! - a3[1]!, a4[2]! - γ, γ],
  };
})();

/**
 * Kværnø's 3(2) method: an L-stable and stiffly accurate ESDIRK method, for stiff problems at loose tolerances.
 *
 * Four stages: the first is the last one of the step before, and three are implicit, with one Jacobian. Between the steps it is the cubic
 * with the slopes of both ends: of order 3.
 *
 * @see Kværnø (2004), doi:10.1023/B:BITN.0000046811.70614.38
 *
 * @example
 * ```ts
 * import { diffeqsolve, PIDController } from "@diffrax-ts/core";
 * import { Kvaerno3 } from "@diffrax-ts/solvers-implicit";
 *
 * const { ys, stats } = diffeqsolve((t, y) => -1000 * (y - Math.cos(t)), Kvaerno3(), {
 *   t0: 0, t1: 1, dt0: null, y0: 0,
 *   stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-3 }),
 * });
 * Math.abs(ys.at(0).item() - (Math.cos(1) + Math.sin(1) / 1000)) < 1e-3;
 * // → true
 * stats.numSteps < 100;
 * // → true
 * ```
 */
export function Kvaerno3(options?: ImplicitOptions): ImplicitRungeKutta<"Kvaerno3", "term"> {
  const method = {
    tableau: kvaerno3Tableau,
    calculateJacobian: "secondStage",
    interpolation: thirdOrderHermitePolynomialInterpolation,
  } as const;
  return implicitRungeKutta("Kvaerno3", method, options);
}
