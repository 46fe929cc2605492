import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
import type { ButcherTableau } from "./ButcherTableau.ts";
import {
  type ExplicitRungeKutta,
  explicitRungeKutta,
  type RungeKuttaOptions,
} from "./explicitRungeKutta.ts";

/** Ralston's 2(1) pair: 2 stages. */
export const ralstonTableau: ButcherTableau = {
  source:
    "Ralston (1962), Math. Comp. 16, 431–437, doi:10.1090/S0025-5718-1962-0150954-0; embedded: Euler",
  order: 2,
  embeddedOrder: 1,
  c: [2 / 3],
  aLower: [[2 / 3]],
  bSol: [1 / 4, 3 / 4],
  bError: [3 / 4, -3 / 4],
};

/** Ralston's method: order 2 with the least bound on the error, and with Euler's method embedded. */
export function Ralston(options?: RungeKuttaOptions): ExplicitRungeKutta<"Ralston"> {
  return explicitRungeKutta(
    "Ralston",
    ralstonTableau,
    thirdOrderHermitePolynomialInterpolation,
    options,
  );
}
