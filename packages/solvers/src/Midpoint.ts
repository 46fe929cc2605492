import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
import type { ButcherTableau } from "./ButcherTableau.ts";
import {
  type ExplicitRungeKutta,
  explicitRungeKutta,
  type RungeKuttaOptions,
} from "./explicitRungeKutta.ts";

/** The midpoint rule's 2(1) pair: 2 stages. */
export const midpointTableau: ButcherTableau = {
  source: "Hairer, Nørsett & Wanner, Solving ODEs I, II.1, table 1.1; embedded: Euler",
  order: 2,
  embeddedOrder: 1,
  c: [1 / 2],
  aLower: [[1 / 2]],
  bSol: [0, 1],
  bError: [1, -1],
};

/** The midpoint rule: order 2, with Euler's method embedded. */
export function Midpoint(options?: RungeKuttaOptions): ExplicitRungeKutta<"Midpoint"> {
  return explicitRungeKutta(
    "Midpoint",
    midpointTableau,
    thirdOrderHermitePolynomialInterpolation,
    options,
  );
}
