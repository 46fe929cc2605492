import { splitting, type SymplecticSplitting } from "./splitting.ts";
import type { SplittingCoefficients } from "./SplittingCoefficients.ts";

/** Three steps of Störmer–Verlet, of the lengths `w₁ = 1 / (2 - ∛2)`, `w₀ = -∛2 w₁`, `w₁`. */
export const yoshida4Coefficients: SplittingCoefficients = /* @__PURE__ */ (() => {
  const w1 = 1.3512071919596575;
  const w0 = -1.7024143839193153;
  return {
    source:
      "Yoshida (1990), Phys. Lett. A 150, 262–268, doi:10.1016/0375-9601(90)90092-3; also Forest & Ruth (1990)",
    order: 4,
    c: [0, w1, w0, w1],
    d: [w1 / 2, (w0 + w1) / 2, (w0 + w1) / 2, w1 / 2],
  };
})();

/**
 * Yoshida's method of order 4, also that of Forest and Ruth, for a state `[q, p]` and terms `[velocity, force]`: three steps of
 * `StormerVerlet`, of which the middle one goes backward. Symplectic and symmetric.
 *
 * Three forces and three velocities in each step after the first. No error estimate: for constant steps, or in `HalfSolver`. Between
 * the steps it is a cubic of order 3.
 *
 * @see Yoshida (1990), Construction of higher order symplectic integrators, doi:10.1016/0375-9601(90)90092-3
 *
 * @example
 * ```ts
 * import { diffeqsolve } from "@diffrax-ts/core";
 * import { Yoshida4 } from "@diffrax-ts/solvers";
 *
 * const { ys } = diffeqsolve([(t, p) => p, (t, q) => -q], Yoshida4(), { t0: 0, t1: 1, dt0: 0.1, y0: [1, 0] });
 * ys[0].at(0).item() - Math.cos(1);
 * // → 0.0000…
 * ```
 */
export function Yoshida4(): SymplecticSplitting<"Yoshida4"> {
  return splitting("Yoshida4", yoshida4Coefficients);
}
