import { add, mul } from "@diffrax-ts/array";
import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import {
  type Claiming,
  type Solver,
  solver,
  type SolverStep,
  type SolverStepResult,
  treeMap,
} from "@diffrax-ts/protocol";
import { driftAndDiffusion, type NoiseTerms, type SdeStructure } from "./SdeStructure.ts";

/** The Euler–Heun method. */
export interface EulerHeun extends Solver<null, SdeStructure>, Claiming {
  readonly kind: "EulerHeun";
}

/**
 * The Euler–Heun method for Stratonovich equations `dy = f dt + g ∘ dw`: Euler's step for the drift, Heun's for the diffusion.
 *
 * ```text
 * y' = y₀ + g(t₀, y₀) Δw
 * y₁ = y₀ + f(t₀, y₀) Δt + ½ (g(t₀, y₀) + g(t₀, y')) Δw
 * ```
 *
 * Strong order 1/2, and 1 where the noise is commutative. One evaluation of the drift and two of the diffusion in each step; no error
 * estimate, so for constant steps or in `HalfSolver`. Between the steps it is a straight line. The terms are
 * `MultiTerm(ODETerm(drift), ControlTerm(diffusion, path))`.
 *
 * @see Rümelin (1982), Numerical treatment of stochastic differential equations, doi:10.1137/0719041
 *
 * @example
 * ```ts
 * import { ControlTerm, diffeqsolve, EulerHeun, MultiTerm, ODETerm, VirtualBrownianTree } from "@diffrax-ts/core";
 * import { key } from "@diffrax-ts/random";
 *
 * // dy = y ∘ dw, with the solution exp(w(t))
 * const path = VirtualBrownianTree({ t0: 0, t1: 1, tol: 1e-3, shape: [], key: key(0) });
 * const drift = ODETerm((t: number, y: number) => 0);
 * const terms = MultiTerm(drift, ControlTerm((t: number, y: number) => y, path));
 * const { ys } = diffeqsolve(terms, EulerHeun(), { t0: 0, t1: 1, dt0: 0.002, y0: 1 });
 * ys.at(0).item() - Math.exp(path.evaluate(0, 1).item());
 * // → 0.0…
 * ```
 */
export function EulerHeun(): EulerHeun {
  const claims = { order: 1, strongOrder: 0.5 };
  const fields = {
    termStructure: driftAndDiffusion,
    interpolation: localLinearInterpolation,
    interpretation: "stratonovich",
    isElementwise: true,
    step,
  } as const;
  return solver("EulerHeun", claims, fields);
}

function step(
  { terms: [drift, diffusion] }: NoiseTerms,
  { t0, t1, y0, args }: SolverStep<null>,
): SolverStepResult<null> {
  const dw = diffusion.contr(t0, t1);
  const f0 = drift.vfProd(t0, y0, args, drift.contr(t0, t1)); //            f(t₀, y₀) Δt
  const g0 = diffusion.vfProd(t0, y0, args, dw); //                         g(t₀, y₀) Δw
  const ahead = treeMap((y, g) => add(y, g), y0, g0);
  const g1 = diffusion.vfProd(t0, ahead, args, dw); //                      g(t₀, y') Δw
  const y1 = treeMap((y, f, a, b) => add(add(y, f), mul(0.5, add(a, b))), y0, f0, g0, g1);
  return {
    y1,
    yError: null,
    denseInfo: { y0, y1 },
    solverState: null,
    result: null,
    counts: { numEvaluations: 3 },
  };
}
