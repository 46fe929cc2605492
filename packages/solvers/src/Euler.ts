import { add } from "@diffrax-ts/array";
import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import {
  type Claiming,
  type Solver,
  solver,
  type SolverStep,
  type SolverStepResult,
  type Term,
  treeMap,
} from "@diffrax-ts/protocol";

/** Euler's method. */
export interface Euler extends Solver<null, "term">, Claiming {
  readonly kind: "Euler";
}

/**
 * Euler's method `y₁ = y₀ + f(t₀, y₀) Δt`: order 1, without an error estimate, so for constant steps only.
 *
 * One evaluation in each step. Between the steps it is a straight line: of order 1. On a stochastic equation it converges to
 * the Itô solution, with strong order 1/2.
 *
 * @example
 * ```ts
 * import { diffeqsolve } from "@diffrax-ts/core";
 * import { Euler } from "@diffrax-ts/solvers";
 *
 * const { ys } = diffeqsolve((t, y) => -y, Euler(), { t0: 0, t1: 1, dt0: 0.1, y0: 1 });
 * ys.at(0).item() - Math.exp(-1);
 * // → -0.0192…
 * ```
 */
export function Euler(): Euler {
  const claims = { order: 1, strongOrder: 0.5 };
  const fields = {
    interpolation: localLinearInterpolation,
    interpretation: "ito",
    isElementwise: true,
    step,
  } as const;
  return solver("Euler", claims, fields);
}

function step(term: Term, { t0, t1, y0, args }: SolverStep<null>): SolverStepResult<null> {
  const increment = term.vfProd(t0, y0, args, term.contr(t0, t1));
  const y1 = treeMap((y, dy) => add(y, dy), y0, increment);
  return {
    y1,
    yError: null,
    denseInfo: { y0, y1 },
    solverState: null,
    result: null,
    counts: { numEvaluations: 1 },
  };
}
