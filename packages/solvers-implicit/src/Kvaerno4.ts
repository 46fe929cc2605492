import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
import type { ButcherTableau } from "@diffrax-ts/solvers";
import type { ImplicitOptions } from "./ImplicitOptions.ts";
import { type ImplicitRungeKutta, implicitRungeKutta } from "./implicitRungeKutta.ts";

/** Kværnø's 4(3) pair: 5 stages, the first of them explicit; stiffly accurate, first same as last. */
export const kvaerno4Tableau: ButcherTableau = /* @__PURE__ */ (() => {
  // That of the method which goes on with the solution of order 4; the paper has another one for that of order 3.
  const γ = 0.5728160625;
  const p = (...coefficients: readonly number[]): number =>
    coefficients.reduce((value, c) => value * γ + c, 0);
  const a3 = [
    (p(144, -180, 81, -15, 1) * γ) / p(12, -6, 1) ** 2,
    (p(-36, 39, -15, 2) * γ) / p(12, -6, 1) ** 2,
  ];
  const a4 = [
    p(-144, 396, -330, 117, -18, 1) / (12 * γ ** 2 * p(12, -9, 2)),
    p(72, -126, 69, -15, 1) / (12 * γ ** 2 * p(3, -1)),
    (p(-6, 6, -1) * p(12, -6, 1) ** 2) / (12 * γ ** 2 * p(12, -9, 2) * p(3, -1)),
  ];
  const a5 = [
    p(288, -312, 120, -18, 1) / (48 * γ ** 2 * p(12, -9, 2)),
    p(24, -12, 1) / (48 * γ ** 2 * p(3, -1)),
    -(p(12, -6, 1) ** 3) / (48 * γ ** 2 * p(3, -1) * p(12, -9, 2) * p(6, -6, 1)),
    p(-24, 36, -12, 1) / p(24, -24, 4),
  ];
  const [c2, c3] = [2 * γ, γ + a3[0]! + a3[1]!];
  const θ3 = c3 / c2;
  const θ4 = (1 - c2) / (c3 - c2);
  return {
    source: "Kværnø (2004), BIT 44(3), 489–502, doi:10.1023/B:BITN.0000046811.70614.38",
    order: 4,
    embeddedOrder: 3,
    c: [c2, c3, 1, 1],
    aLower: [[γ], a3, a4, a5],
    aDiagonal: [0, γ, γ, γ, γ],
    // Lines through two stages; the fourth stage is the embedded solution.
    aPredictor: [[1], [1 - θ3, θ3], [0, 1 - θ4, θ4], [...a4, γ]],
    bSol: [...a5, γ],
    bError: [...a4.map((a, j) => a5[j]! - a), a5[3]! - γ, γ],
  };
})();

/**
 * Kværnø's 4(3) method: an L-stable and stiffly accurate ESDIRK method. At most tolerances `Kvaerno3` or `Kvaerno5` takes less time.
 *
 * Five stages: the first is the last one of the step before, and four are implicit, with one Jacobian. One stage stands after the end of the step,
 * so that the vector field has to make sense there. Between the steps it is the cubic with the slopes of both ends: of order 3.
 *
 * @see Kværnø (2004), doi:10.1023/B:BITN.0000046811.70614.38
 *
 * @example
 * ```ts
 * import { diffeqsolve, PIDController } from "@diffrax-ts/core";
 * import { Kvaerno4 } from "@diffrax-ts/solvers-implicit";
 *
 * const { ys, stats } = diffeqsolve((t, y) => -1000 * (y - Math.cos(t)), Kvaerno4(), {
 *   t0: 0, t1: 1, dt0: null, y0: 0,
 *   stepsizeController: PIDController({ rtol: 1e-4, atol: 1e-4 }),
 * });
 * Math.abs(ys.at(0).item() - (Math.cos(1) + Math.sin(1) / 1000)) < 1e-4;
 * // → true
 * stats.numSteps < 100;
 * // → true
 * ```
 */
export function Kvaerno4(options?: ImplicitOptions): ImplicitRungeKutta<"Kvaerno4", "term"> {
  const method = {
    tableau: kvaerno4Tableau,
    calculateJacobian: "secondStage",
    interpolation: thirdOrderHermitePolynomialInterpolation,
  } as const;
  return implicitRungeKutta("Kvaerno4", method, options);
}
