import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
import type { ButcherTableau } from "@diffrax-ts/solvers";
import type { ImplicitOptions } from "./ImplicitOptions.ts";
import { type ImplicitRungeKutta, implicitRungeKutta } from "./implicitRungeKutta.ts";

/** Kværnø's 5(4) pair: 7 stages, the first of them explicit; stiffly accurate, first same as last. */
export const kvaerno5Tableau: ButcherTableau = /* @__PURE__ */ (() => {
  const γ = 0.26;
  // prettier-ignore
  const a6 = [0.13855640231268224, 0, -0.04245337201752043, 0.02446657898003141, 0.6194303907248068];
  // prettier-ignore
  const a7 = [
    0.13659751177640292, 0, -0.05496908796538376, -0.04118626728321046, 0.629933048990164, 0.06962479448202728,
  ];
  return {
    source: "Kværnø (2004), BIT 44(3), 489–502, doi:10.1023/B:BITN.0000046811.70614.38",
    order: 5,
    embeddedOrder: 4,
    c: [0.52, 1.230333209967908, 0.8957659843500759, 0.43639360985864756, 1, 1],
    // prettier-ignore
    aLower: [
      [γ],
      [0.13, 0.8403332099679081],
      [0.22371961478320504, 0.476755323197997, -0.06470895363112615],
      [0.16648564323248322, 0.1045001884159172, 0.03631482272098715, -0.13090704451073998],
      a6,
      a7,
    ],
    aDiagonal: [0, γ, γ, γ, γ, γ, γ],
    // Curves through three stages; the sixth stage is the embedded solution.
    // prettier-ignore
    aPredictor: [
      [1],
      [-1.366025403784441, 2.3660254037844357],
      [-0.19650552613122207, 0.8113579546496623, 0.38514757148155954],
      [0.10375304369958693, 0.937994698066431, -0.04174774176601781, 0],
      [-0.17281112873898072, 0.6235784481025847, 0.5492326806363959, 0, 0],
      [...a6, γ],
    ],
    bSol: [...a7, γ],
    bError: [...a6.map((a, j) => a7[j]! - a), a7[5]! - γ, γ],
  };
})();

/**
 * Kværnø's 5(4) method: an L-stable and stiffly accurate ESDIRK method, for stiff problems at tolerances below 1e-4.
 *
 * Seven stages: the first is the last one of the step before, and six are implicit, with one Jacobian. One stage stands after the end of the step,
 * so that the vector field has to make sense there. Between the steps it is the cubic with the slopes of both ends: of order 3.
 *
 * @see Kværnø (2004), doi:10.1023/B:BITN.0000046811.70614.38
 *
 * @example
 * ```ts
 * import { diffeqsolve, PIDController } from "@diffrax-ts/core";
 * import { Kvaerno5 } from "@diffrax-ts/solvers-implicit";
 *
 * const { ys, stats } = diffeqsolve((t, y) => -1000 * (y - Math.cos(t)), Kvaerno5(), {
 *   t0: 0, t1: 1, dt0: null, y0: 0,
 *   stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-6 }),
 * });
 * Math.abs(ys.at(0).item() - (Math.cos(1) + Math.sin(1) / 1000)) < 1e-6;
 * // → true
 * stats.numSteps < 100;
 * // → true
 * ```
 */
export function Kvaerno5(options?: ImplicitOptions): ImplicitRungeKutta<"Kvaerno5", "term"> {
  const method = {
    tableau: kvaerno5Tableau,
    calculateJacobian: "secondStage",
    interpolation: thirdOrderHermitePolynomialInterpolation,
  } as const;
  return implicitRungeKutta("Kvaerno5", method, options);
}
