import { splitting, type SymplecticSplitting } from "./splitting.ts";
import type { SplittingCoefficients } from "./SplittingCoefficients.ts";

/** The Störmer–Verlet method in its velocity form: kick, drift, kick. */
export const stormerVerletCoefficients: SplittingCoefficients = /* @__PURE__ */ (() => ({
  source:
    "Hairer, Lubich & Wanner (2003), Acta Numerica 12, 399–450, doi:10.1017/S0962492902000144",
  order: 2,
  c: [0, 1],
  d: [1 / 2, 1 / 2],
}))();

/**
 * The Störmer–Verlet method, also called velocity Verlet or leapfrog, for a state `[q, p]` and terms `[velocity, force]`:
 *
 * ```text
 * p½ = p₀ + ½ F(t₀, q₀) Δt
 * q₁ = q₀ + v(t½, p½) Δt
 * p₁ = p½ + ½ F(t₁, q₁) Δt
 * ```
 *
 * Order 2, symplectic, and symmetric: a solve back from its end comes to its start. One force and one velocity in each step after the
 * first. No error estimate: for constant steps, or in `HalfSolver`. Between the steps it is a cubic of order 3.
 *
 * @see Verlet (1967), doi:10.1103/PhysRev.159.98; Hairer, Lubich & Wanner (2003), Geometric numerical integration illustrated by the
 * Störmer–Verlet method, doi:10.1017/S0962492902000144
 *
 * @example
 * ```ts
 * import { diffeqsolve } from "@diffrax-ts/core";
 * import { StormerVerlet } from "@diffrax-ts/solvers";
 *
 * const { ys } = diffeqsolve([(t, p) => p, (t, q) => -q], StormerVerlet(), { t0: 0, t1: 1, dt0: 0.01, y0: [1, 0] });
 * ys[0].at(0).item() - Math.cos(1);
 * // → -0.0000035…
 * ```
 */
export function StormerVerlet(): SymplecticSplitting<"StormerVerlet"> {
  return splitting("StormerVerlet", stormerVerletCoefficients);
}
