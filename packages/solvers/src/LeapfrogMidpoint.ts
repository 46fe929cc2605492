import { add } from "@diffrax-ts/array";
import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import type { Scalar } from "@diffrax-ts/pytree";
import {
  type Claiming,
  type Solver,
  solver,
  type SolverStart,
  type SolverStep,
  type SolverStepResult,
  type Term,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";

/** Where the step before the last ended. */
interface LeapfrogState {
  readonly [key: string]: Tree;
  readonly t: Scalar;
  readonly y: Tree;
}

/** The leapfrog method. */
export interface LeapfrogMidpoint extends Solver<LeapfrogState, "term">, Claiming {
  readonly kind: "LeapfrogMidpoint";
}

/**
 * The leapfrog method `y₁ = y₋₁ + f(t₀, y₀) (t₁ - t₋₁)`: a linear two-step method of order 2, without an error
 * estimate, so for constant steps only. The first step is one of Euler's.
 *
 * One evaluation in each step. It is stable for oscillations without damping and steps up to `1 / ω`, and for no decay: there it begins
 * to oscillate with growing amplitude. Between the steps it is a straight line: of order 1.
 *
 * @see Shampine (2009), Stability of the leapfrog/midpoint method, Appl. Math. Comput. 208, 293–298,
 * doi:10.1016/j.amc.2008.11.029
 *
 * @example
 * ```ts
 * import { diffeqsolve } from "@diffrax-ts/core";
 * import { LeapfrogMidpoint } from "@diffrax-ts/solvers";
 *
 * const { ys } = diffeqsolve((t, y) => -y, LeapfrogMidpoint(), { t0: 0, t1: 1, dt0: 0.1, y0: 1 });
 * ys.at(0).item() - Math.exp(-1);
 * // → 0.0064…
 * ```
 */
export function LeapfrogMidpoint(): LeapfrogMidpoint {
  const fields = { interpolation: localLinearInterpolation, isElementwise: true, init, step };
  return solver("LeapfrogMidpoint", { order: 2 }, fields);
}

function init(_term: Term, { t0, y0 }: SolverStart): LeapfrogState {
  return { t: t0, y: y0 };
}

function step(
  term: Term,
  { t0, t1, y0, args, solverState }: SolverStep<LeapfrogState>,
): SolverStepResult<LeapfrogState> {
  const increment = term.vfProd(t0, y0, args, term.contr(solverState.t, t1));
  const y1 = treeMap((y, dy) => add(y, dy), solverState.y, increment);
  return {
    y1,
    yError: null,
    denseInfo: { y0, y1 },
    solverState: { t: t0, y: y0 },
    result: null,
    counts: { numEvaluations: 1 },
  };
}
