import { splitting, type SymplecticSplitting } from "./splitting.ts";
import type { SplittingCoefficients } from "./SplittingCoefficients.ts";

/** The symplectic Euler method, with the force at the time at which the step begins, as in Diffrax. */
export const semiImplicitEulerCoefficients: SplittingCoefficients = /* @__PURE__ */ (() => ({
  source:
    "Hairer, Lubich & Wanner, Geometric Numerical Integration, I.1.2, doi:10.1007/3-540-30666-8",
  order: 1,
  c: [1],
  d: [1],
  forceTimes: [0],
}))();

/**
 * The semi-implicit or symplectic Euler method, for a state `[q, p]` and terms `[velocity, force]`:
 *
 * ```text
 * q₁ = q₀ + v(t₀, p₀) Δt
 * p₁ = p₀ + F(t₀, q₁) Δt
 * ```
 *
 * Order 1, without an error estimate: for constant steps, or in `HalfSolver`. The energy of a Hamiltonian system stays near to where it
 * was for as long as the solve goes; `StormerVerlet` costs the same, and is of order 2. Between the steps it is a straight line.
 *
 * @example
 * ```ts
 * import { diffeqsolve } from "@diffrax-ts/core";
 * import { SemiImplicitEuler } from "@diffrax-ts/solvers";
 *
 * const { ys } = diffeqsolve([(t, p) => p, (t, q) => -q], SemiImplicitEuler(), { t0: 0, t1: 1, dt0: 0.01, y0: [1, 0] });
 * ys[0].at(0).item() - Math.cos(1);
 * // → 0.0042…
 * ```
 */
export function SemiImplicitEuler(): SymplecticSplitting<"SemiImplicitEuler"> {
  return splitting("SemiImplicitEuler", semiImplicitEulerCoefficients);
}
