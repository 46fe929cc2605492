import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import { Chord } from "@diffrax-ts/root-finders";
import type { ButcherTableau } from "@diffrax-ts/solvers";
import type { ImplicitOptions } from "./ImplicitOptions.ts";
import { type ImplicitRungeKutta, implicitRungeKutta } from "./implicitRungeKutta.ts";

/** The implicit Euler method, with the trapezoidal rule to compare it with. */
export const implicitEulerTableau: ButcherTableau = {
  source: "Hairer & Wanner (1996), IV.3, doi:10.1007/978-3-642-05221-7",
  order: 1,
  embeddedOrder: 2,
  c: [1],
  aLower: [[0]],
  aDiagonal: [0, 1],
  aPredictor: [[1]],
  bSol: [0, 1],
  bError: [-1 / 2, 1 / 2],
};

/**
 * The implicit Euler method `y₁ = y₀ + f(t₁, y₁) Δt`: order 1, L-stable and B-stable, for problems that are so stiff or so rough that nothing else holds.
 *
 * One implicit stage, and an evaluation at the start of the step for the estimate of the error, which is the difference to the trapezoidal rule. Between the
 * steps it is a straight line: of order 1. The default of `rootFinder` is `Chord()`, as in Diffrax, which solves the equation to the tolerance of the solve.
 *
 * @example
 * ```ts
 * import { ConstantStepSize, diffeqsolve } from "@diffrax-ts/core";
 * import { VeryChord } from "@diffrax-ts/root-finders";
 * import { ImplicitEuler } from "@diffrax-ts/solvers-implicit";
 *
 * // With constant steps the root finder needs tolerances of its own.
 * const solver = ImplicitEuler({ rootFinder: VeryChord({ rtol: 1e-6, atol: 1e-8 }) });
 * const { ys } = diffeqsolve((t, y) => -1000 * (y - Math.cos(t)), solver, { t0: 0, t1: 1, dt0: 0.1, y0: 0 });
 * Math.abs(ys.at(0).item() - Math.cos(1)) < 1e-3;
 * // → true
 * ```
 */
export function ImplicitEuler(
  options: ImplicitOptions = {},
): ImplicitRungeKutta<"ImplicitEuler", "term"> {
  const method = {
    tableau: implicitEulerTableau,
    calculateJacobian: "secondStage",
    interpolation: localLinearInterpolation,
    // The slope at the end is what was solved for. In Diffrax it is evaluated again, which makes errors of the iteration as much larger as the problem is stiff.
    isFsal: options.diffrax072 !== true,
    // There a failure ends the solve, unless the error is too large in any case.
    retries: options.diffrax072 !== true,
  } as const;
  // What a stage is off by is in the estimate of the error times the stiffness: VeryChord stops early enough to be seen there.
  return implicitRungeKutta("ImplicitEuler", method, { rootFinder: Chord(), ...options });
}
