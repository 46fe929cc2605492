import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
import type { ButcherTableau } from "./ButcherTableau.ts";
import {
  type ExplicitRungeKutta,
  explicitRungeKutta,
  type RungeKuttaOptions,
} from "./explicitRungeKutta.ts";

/** Heun's 2(1) pair: 2 stages. */
export const heunTableau: ButcherTableau = {
  source: "Hairer, Nørsett & Wanner, Solving ODEs I, II.1, table 1.1; embedded: Euler",
  order: 2,
  embeddedOrder: 1,
  c: [1],
  aLower: [[1]],
  bSol: [1 / 2, 1 / 2],
  bError: [1 / 2, -1 / 2],
};

/** Heun's method, also called the explicit trapezoidal rule: order 2, with Euler's method embedded. */
export function Heun(options?: RungeKuttaOptions): ExplicitRungeKutta<"Heun"> {
  return explicitRungeKutta("Heun", heunTableau, thirdOrderHermitePolynomialInterpolation, options);
}
