import { fourthOrderPolynomialInterpolation } from "@diffrax-ts/interpolation";
import type { DenseInfo, LocalInterpolation } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import type { ButcherTableau } from "./ButcherTableau.ts";
import { type ExplicitRungeKutta, rungeKutta, type RungeKuttaOptions } from "./rungeKutta.ts";

/** Dormand–Prince's 5(4) pair: 7 stages, first same as last. */
export const dopri5Tableau: ButcherTableau = /* @__PURE__ */ (() => ({
  source:
    "Dormand & Prince (1980), J. Comput. Appl. Math. 6(1), 19–26, doi:10.1016/0771-050X(80)90013-3; " +
    "embedded weights: Shampine (1986), Math. Comp. 46, 135–150, doi:10.2307/2008219",
  order: 5,
  embeddedOrder: 4,
  c: [1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
  // prettier-ignore
  aLower: [
    [1 / 5],
    [3 / 40,       9 / 40],
    [44 / 45,      -56 / 15,      32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168,  -355 / 33,     46732 / 5247, 49 / 176,  -5103 / 18656],
    [35 / 384,     0,             500 / 1113,   125 / 192, -2187 / 6784, 11 / 84],
  ],
  bSol: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
  bError: [
    35 / 384 - 1951 / 21600,
    0,
    500 / 1113 - 22642 / 50085,
    125 / 192 - 451 / 720,
    -2187 / 6784 - -12231 / 42400,
    11 / 84 - 649 / 6300,
    -1 / 60,
  ],
}))();

/**
 * Dormand–Prince's 5(4) method, MATLAB's `ode45`. `Tsit5` is usually a little better.
 *
 * Six evaluations in each step after the first. Between the steps it is Shampine's quartic of order 4.
 *
 * @see Dormand & Prince (1980), doi:10.1016/0771-050X(80)90013-3; Shampine (1986), doi:10.2307/2008219
 *
 * @example
 * ```ts
 * import { diffeqsolve } from "@diffrax-ts/core";
 * import { Dopri5 } from "@diffrax-ts/solvers";
 *
 * const { ys } = diffeqsolve((t, y) => -y, Dopri5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1 });
 * ys.at(0).item() - Math.exp(-1);
 * // → 0.000000…
 * ```
 */
export function Dopri5(options?: RungeKuttaOptions): ExplicitRungeKutta<"Dopri5"> {
  return rungeKutta("Dopri5", dopri5Tableau, interpolation, options);
}

/** Shampine (1986): the solution in the middle of the step is `y0 + Σ cMidᵢ kᵢ`. */
const cMid: readonly number[] = /* @__PURE__ */ (() => [
  6025192743 / 30085553152 / 2,
  0,
  51252292925 / 65400821598 / 2,
  -2691868925 / 45128329728 / 2,
  187940372067 / 1594534317056 / 2,
  -1776094331 / 19743644256 / 2,
  11237099 / 235043384 / 2,
])();

function interpolation(t0: Scalar, t1: Scalar, info: DenseInfo): LocalInterpolation {
  return fourthOrderPolynomialInterpolation(t0, t1, info, cMid);
}
