import type { DenseInfo, LocalInterpolation } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import { stageInterpolation } from "@diffrax-ts/solvers";
import type { ImplicitOptions } from "./ImplicitOptions.ts";
import { type ImexRungeKutta, implicitRungeKutta } from "./implicitRungeKutta.ts";
import type { MultiButcherTableau } from "./MultiButcherTableau.ts";

/** Kennedy and Carpenter's ARK4(3)6L[2]SA: 6 stages, the first of them explicit in both parts. */
export const kenCarp4Tableau: MultiButcherTableau = /* @__PURE__ */ (() => {
  const γ = 1 / 4;
  const bSol = [82889 / 524892, 0, 15625 / 83664, 69875 / 102672, -2260 / 8211, γ];
  const bEmbedded = [
    4586570599 / 29645900160,
    0,
    178811875 / 945068544,
    814220225 / 1159782912,
    -3700637 / 11593932,
    61727 / 225920,
  ];
  const bError = bSol.map((b, i) => b - bEmbedded[i]!);
  const c = [1 / 2, 83 / 250, 31 / 50, 17 / 20, 1];
  const [θ3, θ4, θ5, θ6] = [c[1]! / c[0]!, c[2]! / c[0]!, c[3]! / c[2]!, c[4]! / c[3]!];
  const source =
    "Kennedy & Carpenter (2003), Appl. Numer. Math. 44(1–2), 139–181, doi:10.1016/S0168-9274(02)00138-1";
  const claims = { source, order: 4, embeddedOrder: 3 };
  return {
    ...claims,
    tableaus: [
      {
        ...claims,
        c,
        aLower: [
          [1 / 2],
          [13861 / 62500, 6889 / 62500],
          [
            -116923316275 / 2393684061468,
            -2731218467317 / 15368042101831,
            9408046702089 / 11113171139209,
          ],
          [
            -451086348788 / 2902428689909,
            -2682348792572 / 7519795681897,
            12662868775082 / 11960479115383,
            3355817975965 / 11060851509271,
          ],
          [
            647845179188 / 3216320057751,
            73281519250 / 8382639484533,
            552539513391 / 3454668386233,
            3354512671639 / 8306763924573,
            4040 / 17871,
          ],
        ],
        bSol,
        bError,
      },
      {
        ...claims,
        c,
        aLower: [
          [γ],
          [8611 / 62500, -1743 / 31250],
          [5012029 / 34652500, -654441 / 2922500, 174375 / 388108],
          [
            15267082809 / 155376265600,
            -71443401 / 120774400,
            730878875 / 902184768,
            2285395 / 8070912,
          ],
          bSol.slice(0, -1),
        ],
        aDiagonal: [0, γ, γ, γ, γ, γ],
        // Lines through two stages, which stand before the one that is predicted.
        aPredictor: [[1], [1 - θ3, θ3], [1 - θ4, θ4, 0], [1 - θ5, 0, 0, θ5], [1 - θ6, 0, 0, 0, θ6]],
        bSol,
        bError,
      },
    ],
  };
})();

// From the paper: bᵢ(s) = wᵢ₁ s³ + wᵢ₂ s² + wᵢ₃ s.
// prettier-ignore
const weights = /* @__PURE__ */ (() => [
  [6818779379841 / 7100303317025, -54480133 / 30881146, 6943876665148 / 7220017795957],
  [0, 0, 0],
  [2173542590792 / 12501825683035, -11436875 / 14766696, 7640104374378 / 9702883013639],
  [-31592104683404 / 5083833661969, 174696575 / 18121608, -20649996744609 / 7521556579894],
  [61146701046299 / 7138195549469, -12120380 / 966161, 8854892464581 / 2390941311638],
  [-17219254887155 / 4939391667607, 3843 / 706, -11397109935349 / 6675773540249],
])();

/**
 * Kennedy and Carpenter's 4(3) method for a sum of two terms, of which the first is not stiff and the second is: an L-stable and stiffly accurate ESDIRK method for it.
 *
 * Six stages, five of them implicit in the second term, with one Jacobian. Between the steps it is a polynomial of order 3.
 *
 * The terms are `MultiTerm(explicit, implicit)`.
 *
 * @see Kennedy & Carpenter (2003), doi:10.1016/S0168-9274(02)00138-1
 *
 * @example
 * ```ts
 * import { diffeqsolve, MultiTerm, ODETerm, PIDController } from "@diffrax-ts/core";
 * import { KenCarp4 } from "@diffrax-ts/solvers-implicit";
 *
 * const terms = MultiTerm(
 *   ODETerm((t: number, y: number) => Math.cos(t) - y - Math.sin(t)),
 *   ODETerm((t: number, y: number) => -1000 * (y - Math.cos(t))),
 * );
 * const { ys, stats } = diffeqsolve(terms, KenCarp4(), {
 *   t0: 0, t1: 1, dt0: null, y0: 1,
 *   stepsizeController: PIDController({ rtol: 1e-4, atol: 1e-4 }),
 * });
 * Math.abs(ys.at(0).item() - Math.cos(1)) < 1e-4;
 * // → true
 * stats.numSteps < 100;
 * // → true
 * ```
 */
export function KenCarp4(options?: ImplicitOptions): ImexRungeKutta<"KenCarp4"> {
  const method = {
    tableau: kenCarp4Tableau,
    calculateJacobian: "secondStage",
    interpolation,
  } as const;
  return implicitRungeKutta("KenCarp4", method, options);
}

function interpolation(t0: Scalar, t1: Scalar, info: DenseInfo): LocalInterpolation {
  return stageInterpolation(t0, t1, info, weights);
}
