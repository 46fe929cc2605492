import { add, mul, sub } from "@diffrax-ts/array";
import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import {
  type Claiming,
  type Solver,
  solver,
  type SolverStep,
  type SolverStepResult,
  treeMap,
} from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import { alongNoise } from "./alongNoise.ts";
import { noiseDrift } from "./noiseDrift.ts";
import { driftAndDiffusion, type NoiseTerms, type SdeStructure } from "./SdeStructure.ts";

/** Milstein's method for Itô equations. */
export interface ItoMilstein extends Solver<null, SdeStructure>, Claiming {
  readonly kind: "ItoMilstein";
}

/**
 * Milstein's method for Itô equations with commutative noise, `dy = f dt + g dw`.
 *
 * ```text
 * y₁ = y₀ + f Δt + g Δw + ½ (∂(g Δw)/∂y) (g Δw) - ½ Σⱼ (∂gⱼ/∂y) gⱼ Δt      f, g at t₀, y₀
 * ```
 *
 * with `gⱼ` the column of the diffusion for component `j` of the noise. Strong order 1 where the noise is commutative, as it is if it is
 * diagonal, additive, or of one Brownian motion; 1/2 otherwise. One evaluation of the drift in each step, one of the diffusion, and a
 * derivative of it for each component of the noise: a single one if the term claims `noiseType: "diagonal"`, and none of them
 * with `"additive"`. No error estimate, so for constant steps or in `HalfSolver`. Between the steps it is a straight line.
 *
 * @throws TypeError for a diffusion of which there is no derivative, as it is called back from compiled code.
 * @see Kloeden & Platen (1992), Numerical Solution of Stochastic Differential Equations, 10.3, doi:10.1007/978-3-662-12616-5
 *
 * @example
 * ```ts
 * import { ControlTerm, diffeqsolve, ItoMilstein, MultiTerm, ODETerm, VirtualBrownianTree } from "@diffrax-ts/core";
 * import { key } from "@diffrax-ts/random";
 *
 * // dy = y dw, with the solution exp(w(t) - t / 2)
 * const path = VirtualBrownianTree({ t0: 0, t1: 1, tol: 1e-3, shape: [], key: key(0) });
 * const noise = ControlTerm((t: number, y: number) => y, path);
 * const terms = MultiTerm(ODETerm((t: number, y: number) => 0), noise);
 * const { ys } = diffeqsolve(terms, ItoMilstein(), { t0: 0, t1: 1, dt0: 0.002, y0: 1 });
 * ys.at(0).item() - Math.exp(path.evaluate(0, 1).item() - 0.5);
 * // → 0.00…
 * ```
 */
export function ItoMilstein(): ItoMilstein {
  const claims = { order: 1, strongOrder: 1 };
  const fields = {
    termStructure: driftAndDiffusion,
    interpolation: localLinearInterpolation,
    interpretation: "ito",
    isElementwise: true,
    minimalLevyArea: "BrownianIncrement",
    noiseType: "commutative",
    step,
  } as const;
  return solver("ItoMilstein", claims, fields);
}

function step(
  { terms: [drift, diffusion] }: NoiseTerms,
  { t0, t1, y0, args }: SolverStep<null>,
): SolverStepResult<null> {
  const place = { t: t0, y: y0, args };
  const dt = drift.contr(t0, t1);
  const dw = diffusion.contr(t0, t1);
  const f = drift.vfProd(t0, y0, args, dt); //                  f Δt
  const { g, slope } = alongNoise(diffusion, place, dw); //     g Δw, (∂(g Δw)/∂y) (g Δw)
  const own = noiseDrift(diffusion, place, dw); //              Σⱼ (∂gⱼ/∂y) gⱼ
  // Backward in time Δt is negative, as it has to be: what is solved is the equation whose Itô integral runs forward.
  const half = mul(dt as Scalar, 0.5);
  const corrected = treeMap((c, d) => sub(mul(c, 0.5), mul(d, half)), slope, own);
  const y1 = treeMap((y, a, b, c) => add(add(y, a), add(b, c)), y0, f, g, corrected);
  return {
    y1,
    yError: null,
    denseInfo: { y0, y1 },
    solverState: null,
    result: null,
    counts: { numEvaluations: 2 },
  };
}
