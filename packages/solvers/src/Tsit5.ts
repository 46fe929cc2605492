import type { DenseInfo, LocalInterpolation } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import type { ButcherTableau } from "./ButcherTableau.ts";
import { type ExplicitRungeKutta, rungeKutta, type RungeKuttaOptions } from "./rungeKutta.ts";
import { stageInterpolation } from "./stageInterpolation.ts";

/** Tsitouras' 5(4) pair: 7 stages, first same as last. */
export const tsit5Tableau: ButcherTableau = {
  source: "Tsitouras (2011), Comput. Math. Appl. 62(2), 770–775, doi:10.1016/j.camwa.2011.06.002",
  order: 5,
  embeddedOrder: 4,
  c: [0.161, 0.327, 0.9, 0.9800255409045097, 1, 1],
  // prettier-ignore
  aLower: [
    [0.161],
    [-0.008480655492356989, 0.335480655492357],
    [2.8971530571054935, -6.359448489975075, 4.3622954328695815],
    [5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525],
    [5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383],
    [0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774],
  ],
  // prettier-ignore
  bSol: [0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774, 0],
  // prettier-ignore
  bError: [
    0.0017800110522257773, 0.0008164344596567463, -0.007880878010261994, 0.1447110071732629, -0.5823571654525552,
    0.45808210592918686, -0.015151515151515152,
  ],
};

/**
 * Tsitouras' 5(4) method: the first choice for problems that are not stiff, at tolerances from 1e-3 to 1e-9.
 *
 * Six evaluations in each step after the first. Between the steps it is a quartic of order 4 that uses all stages.
 *
 * @see Tsitouras (2011), doi:10.1016/j.camwa.2011.06.002
 *
 * @example
 * ```ts
 * import { diffeqsolve } from "@diffrax-ts/core";
 * import { Tsit5 } from "@diffrax-ts/solvers";
 *
 * const { ys } = diffeqsolve((t, y) => -y, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1 });
 * ys.at(0).item() - Math.exp(-1);
 * // → 0.000000…
 * ```
 */
export function Tsit5(options?: RungeKuttaOptions): ExplicitRungeKutta<"Tsit5"> {
  return rungeKutta("Tsit5", tsit5Tableau, interpolation, options);
}

// From the paper, multiplied out: bᵢ(s) = wᵢ₁ s⁴ + wᵢ₂ s³ + wᵢ₃ s² + wᵢ₄ s.
// prettier-ignore
const weights = [
  [-1.0530884977290216, 2.9132554618219126, -2.763706197274826, 1],
  [0.1017, -0.2234, 0.1317, 0],
  [2.490627285651253, -5.941033872131505, 3.9302962368947516, 0],
  [-16.548102889244902, 30.33818863028232, -12.411077166933676, 0],
  [47.37952196281928, -88.1789048947664, 37.50931341651104, 0],
  [-34.87065786149661, 65.09189467479366, -27.896526289197286, 0],
  [2.5, -4, 1.5, 0],
];

function interpolation(t0: Scalar, t1: Scalar, info: DenseInfo): LocalInterpolation {
  return stageInterpolation(t0, t1, info, weights);
}
