import type { DenseInfo, LocalInterpolation } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import { stageInterpolation } from "@diffrax-ts/solvers";
import type { ImplicitOptions } from "./ImplicitOptions.ts";
import { type ImexRungeKutta, implicitRungeKutta } from "./implicitRungeKutta.ts";
import type { MultiButcherTableau } from "./MultiButcherTableau.ts";

/** Kennedy and Carpenter's ARK3(2)4L[2]SA: 4 stages, the first of them explicit in both parts. */
export const kenCarp3Tableau: MultiButcherTableau = /* @__PURE__ */ (() => {
  const γ = 1767732205903 / 4055673282236;
  const bSol = [
    1471266399579 / 7840856788654,
    -4482444167858 / 7529755066697,
    11266239266428 / 11593286722821,
    γ,
  ];
  const bEmbedded = [
    2756255671327 / 12835298489170,
    -10771552573575 / 22201958757719,
    9247589265047 / 10645013368117,
    2193209047091 / 5459859503100,
  ];
  const bError = bSol.map((b, i) => b - bEmbedded[i]!);
  const c = [2 * γ, 3 / 5, 1];
  const [θ3, θ4] = [c[1]! / c[0]!, 1 / c[0]!];
  const source =
    "Kennedy & Carpenter (2003), Appl. Numer. Math. 44(1–2), 139–181, doi:10.1016/S0168-9274(02)00138-1";
  const claims = { source, order: 3, embeddedOrder: 2 };
  return {
    ...claims,
    tableaus: [
      {
        ...claims,
        c,
        aLower: [
          [2 * γ],
          [5535828885825 / 10492691773637, 788022342437 / 10882634858940],
          [
            6485989280629 / 16251701735622,
            -4246266847089 / 9704473918619,
            10755448449292 / 10357097424841,
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
          [2746238789719 / 10658868560708, -640167445237 / 6845629431997],
          bSol.slice(0, -1),
        ],
        aDiagonal: [0, γ, γ, γ],
        // The line through the first two stages, as the third stands before the second.
        aPredictor: [[1], [1 - θ3, θ3], [1 - θ4, θ4, 0]],
        bSol,
        bError,
      },
    ],
  };
})();

// From the paper: bᵢ(s) = wᵢ₁ s² + wᵢ₂ s.
// prettier-ignore
const weights = /* @__PURE__ */ (() => [
  [-215264564351 / 13552729205753, 4655552711362 / 22874653954995],
  [17870216137069 / 13817060693119, -18682724506714 / 9892148508045],
  [-28141676662227 / 17317692491321, 34259539580243 / 13192909600954],
  [2508943948391 / 7218656332882, 584795268549 / 6622622206610],
])();

/**
 * Kennedy and Carpenter's 3(2) method for a sum of two terms, of which the first is not stiff and the second is: an L-stable and stiffly accurate ESDIRK method for it.
 *
 * Four stages, three of them implicit in the second term, with one Jacobian. Between the steps it is a polynomial of order 2.
 *
 * The terms are `MultiTerm(explicit, implicit)`.
 *
 * @see Kennedy & Carpenter (2003), doi:10.1016/S0168-9274(02)00138-1
 *
 * @example
 * ```ts
 * import { diffeqsolve, MultiTerm, ODETerm, PIDController } from "@diffrax-ts/core";
 * import { KenCarp3 } from "@diffrax-ts/solvers-implicit";
 *
 * const terms = MultiTerm(
 *   ODETerm((t: number, y: number) => Math.cos(t) - y - Math.sin(t)),
 *   ODETerm((t: number, y: number) => -1000 * (y - Math.cos(t))),
 * );
 * const { ys, stats } = diffeqsolve(terms, KenCarp3(), {
 *   t0: 0, t1: 1, dt0: null, y0: 1,
 *   stepsizeController: PIDController({ rtol: 1e-4, atol: 1e-4 }),
 * });
 * Math.abs(ys.at(0).item() - Math.cos(1)) < 1e-3;
 * // → true
 * stats.numSteps < 100;
 * // → true
 * ```
 */
export function KenCarp3(options?: ImplicitOptions): ImexRungeKutta<"KenCarp3"> {
  const method = {
    tableau: kenCarp3Tableau,
    calculateJacobian: "secondStage",
    interpolation,
  } as const;
  return implicitRungeKutta("KenCarp3", method, options);
}

function interpolation(t0: Scalar, t1: Scalar, info: DenseInfo): LocalInterpolation {
  return stageInterpolation(t0, t1, info, weights);
}
