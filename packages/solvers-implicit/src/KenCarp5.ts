import type { DenseInfo, LocalInterpolation } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import { stageInterpolation } from "@diffrax-ts/solvers";
import type { ImplicitOptions } from "./ImplicitOptions.ts";
import { type ImexRungeKutta, implicitRungeKutta } from "./implicitRungeKutta.ts";
import type { MultiButcherTableau } from "./MultiButcherTableau.ts";

/** Kennedy and Carpenter's ARK5(4)8L[2]SA: 8 stages, the first of them explicit in both parts. */
export const kenCarp5Tableau: MultiButcherTableau = /* @__PURE__ */ (() => {
  const γ = 41 / 200;
  const bSol = [
    -872700587467 / 9133579230613,
    0,
    0,
    22348218063261 / 9555858737531,
    -1143369518992 / 8141816002931,
    -39379526789629 / 19018526304540,
    32727382324388 / 42900044865799,
    γ,
  ];
  const bEmbedded = [
    -975461918565 / 9796059967033,
    0,
    0,
    78070527104295 / 32432590147079,
    -548382580838 / 3424219808633,
    -33438840321285 / 15594753105479,
    3629800801594 / 4656183773603,
    4035322873751 / 18575991585200,
  ];
  const bError = bSol.map((b, i) => b - bEmbedded[i]!);
  const c = [
    41 / 100,
    2935347310677 / 11292855782101,
    1426016391358 / 7196633302097,
    92 / 100,
    24 / 100,
    3 / 5,
    1,
  ];
  const [c2, c3, c4, c5, c6, c7] = c as [number, number, number, number, number, number];
  const source =
    "Kennedy & Carpenter (2003), Appl. Numer. Math. 44(1–2), 139–181, doi:10.1016/S0168-9274(02)00138-1";
  const claims = { source, order: 5, embeddedOrder: 4 };
  return {
    ...claims,
    tableaus: [
      {
        ...claims,
        c,
        aLower: [
          [41 / 100],
          [367902744464 / 2072280473677, 677623207551 / 8224143866563],
          [1268023523408 / 10340822734521, 0, 1029933939417 / 13636558850479],
          [
            14463281900351 / 6315353703477,
            0,
            66114435211212 / 5879490589093,
            -54053170152839 / 4284798021562,
          ],
          [
            14090043504691 / 34967701212078,
            0,
            15191511035443 / 11219624916014,
            -18461159152457 / 12425892160975,
            -281667163811 / 9011619295870,
          ],
          [
            19230459214898 / 13134317526959,
            0,
            21275331358303 / 2942455364971,
            -38145345988419 / 4862620318723,
            -1 / 8,
            -1 / 8,
          ],
          [
            -19977161125411 / 11928030595625,
            0,
            -40795976796054 / 6384907823539,
            177454434618887 / 12078138498510,
            782672205425 / 8267701900261,
            -69563011059811 / 9646580694205,
            7356628210526 / 4942186776405,
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
          [41 / 400, -567603406766 / 11931857230679],
          [683785636431 / 9252920307686, 0, -110385047103 / 1367015193373],
          [
            3016520224154 / 10081342136671,
            0,
            30586259806659 / 12414158314087,
            -22760509404356 / 11113319521817,
          ],
          [
            218866479029 / 1489978393911,
            0,
            638256894668 / 5436446318841,
            -1179710474555 / 5321154724896,
            -60928119172 / 8023461067671,
          ],
          [
            1020004230633 / 5715676835656,
            0,
            25762820946817 / 25263940353407,
            -2161375909145 / 9755907335909,
            -211217309593 / 5846859502534,
            -4269925059573 / 7827059040719,
          ],
          bSol.slice(0, -1),
        ],
        aDiagonal: [0, γ, γ, γ, γ, γ, γ, γ],
        // Lines through the first stage and one that stands close to the one that is predicted.
        aPredictor: [
          [1],
          [1 - c3 / c2, c3 / c2],
          [1 - c4 / c2, c4 / c2, 0],
          [1 - c5 / c2, c5 / c2, 0, 0],
          [1 - c6 / c3, 0, c6 / c3, 0, 0],
          [1 - c7 / c5, 0, 0, 0, c7 / c5, 0],
          [1 - 1 / c5, 0, 0, 0, 1 / c5, 0, 0],
        ],
        bSol,
        bError,
      },
    ],
  };
})();

// From the paper: bᵢ(s) = wᵢ₁ s³ + wᵢ₂ s² + wᵢ₃ s.
// prettier-ignore
const weights = /* @__PURE__ */ (() => [
  [-9257016797708 / 5021505065439, 43486358583215 / 12773830924787, -17674230611817 / 10670229744614],
  [0, 0, 0],
  [0, 0, 0],
  [26096422576131 / 11239449250142, -91478233927265 / 11067650958493, 65168852399939 / 7868540260826],
  [92396832856987 / 20362823103730, -79368583304911 / 10890268929626, 15494834004392 / 5936557850923],
  [30029262896817 / 10175596800299, -12239297817655 / 9152339842473, -99329723586156 / 26959484932159],
  [-26136350496073 / 3983972220547, 115839755401235 / 10719374521269, -19024464361622 / 5461577185407],
  [-5289405421727 / 3760307252460, 5843115559534 / 2180450260947, -6511271360970 / 6095937251113],
])();

/**
 * Kennedy and Carpenter's 5(4) method for a sum of two terms, of which the first is not stiff and the second is: an L-stable and stiffly accurate ESDIRK method for it.
 *
 * Eight stages, seven of them implicit in the second term, with one Jacobian. Between the steps it is a polynomial of order 3.
 *
 * The terms are `MultiTerm(explicit, implicit)`.
 *
 * @see Kennedy & Carpenter (2003), doi:10.1016/S0168-9274(02)00138-1
 *
 * @example
 * ```ts
 * import { diffeqsolve, MultiTerm, ODETerm, PIDController } from "@diffrax-ts/core";
 * import { KenCarp5 } from "@diffrax-ts/solvers-implicit";
 *
 * const terms = MultiTerm(
 *   ODETerm((t: number, y: number) => Math.cos(t) - y - Math.sin(t)),
 *   ODETerm((t: number, y: number) => -1000 * (y - Math.cos(t))),
 * );
 * const { ys, stats } = diffeqsolve(terms, KenCarp5(), {
 *   t0: 0, t1: 1, dt0: null, y0: 1,
 *   stepsizeController: PIDController({ rtol: 1e-5, atol: 1e-5 }),
 * });
 * Math.abs(ys.at(0).item() - Math.cos(1)) < 1e-5;
 * // → true
 * stats.numSteps < 100;
 * // → true
 * ```
 */
export function KenCarp5(options?: ImplicitOptions): ImexRungeKutta<"KenCarp5"> {
  const method = {
    tableau: kenCarp5Tableau,
    calculateJacobian: "secondStage",
    interpolation,
  } as const;
  return implicitRungeKutta("KenCarp5", method, options);
}

function interpolation(t0: Scalar, t1: Scalar, info: DenseInfo): LocalInterpolation {
  return stageInterpolation(t0, t1, info, weights);
}
