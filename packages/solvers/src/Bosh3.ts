import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
import type { ButcherTableau } from "./ButcherTableau.ts";
import { type ExplicitRungeKutta, rungeKutta, type RungeKuttaOptions } from "./rungeKutta.ts";

/** Bogacki–Shampine's 3(2) pair: 4 stages, first same as last. */
export const bosh3Tableau: ButcherTableau = /* @__PURE__ */ (() => ({
  source:
    "Bogacki & Shampine (1989), Appl. Math. Lett. 2(4), 321–325, doi:10.1016/0893-9659(89)90079-7",
  order: 3,
  embeddedOrder: 2,
  c: [1 / 2, 3 / 4, 1],
  // prettier-ignore
  aLower: [
    [1 / 2],
    [0,     3 / 4],
    [2 / 9, 1 / 3, 4 / 9],
  ],
  bSol: [2 / 9, 1 / 3, 4 / 9, 0],
  bError: [2 / 9 - 7 / 24, 1 / 3 - 1 / 4, 4 / 9 - 1 / 3, -1 / 8],
}))();

/**
 * Bogacki–Shampine's 3(2) method: a good choice at loose tolerances (`rtol ≥ 1e-3`).
 *
 * Three evaluations in each step after the first. Between the steps it is the cubic with the slopes of both ends: of order 3.
 *
 * @see Bogacki & Shampine (1989), doi:10.1016/0893-9659(89)90079-7
 *
 * @example
 * ```ts
 * import { diffeqsolve } from "@diffrax-ts/core";
 * import { Bosh3 } from "@diffrax-ts/solvers";
 *
 * const { ys } = diffeqsolve((t, y) => -y, Bosh3(), { t0: 0, t1: 1, dt0: 0.1, y0: 1 });
 * ys.at(0).item() - Math.exp(-1);
 * // → -0.0000166…
 * ```
 */
export function Bosh3(options?: RungeKuttaOptions): ExplicitRungeKutta<"Bosh3"> {
  return rungeKutta("Bosh3", bosh3Tableau, thirdOrderHermitePolynomialInterpolation, options);
}
