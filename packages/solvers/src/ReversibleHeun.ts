import { add, mul, sub } from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import {
  evaluationsOf,
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

/** A second solution beside the solution, and the vector field there. */
interface ReversibleHeunState {
  readonly [key: string]: Tree;
  readonly yHat: Tree;
  readonly vf: Tree;
}

/** The reversible Heun method. */
export interface ReversibleHeun extends Solver<ReversibleHeunState, "term">, Claiming {
  readonly kind: "ReversibleHeun";
}

/**
 * The reversible Heun method: order 2, with an estimate of order 1. Its steps can be undone exactly in exact arithmetic.
 *
 * One evaluation in each step after the first. Between the steps it is a straight line: of order 1. On a stochastic equation it
 * converges to the Stratonovich solution, with strong order 1/2.
 *
 * @see Kidger, Foster, Li & Lyons (2021), Efficient and Accurate Gradients for Neural SDEs, arXiv:2105.13493
 *
 * @example
 * ```ts
 * import { diffeqsolve } from "@diffrax-ts/core";
 * import { ReversibleHeun } from "@diffrax-ts/solvers";
 *
 * const { ys } = diffeqsolve((t, y) => -y, ReversibleHeun(), { t0: 0, t1: 1, dt0: 0.1, y0: 1 });
 * ys.at(0).item() - Math.exp(-1);
 * // → 0.0006…
 * ```
 */
export function ReversibleHeun(): ReversibleHeun {
  const claims = { order: 2, strongOrder: 0.5 };
  const fields = {
    interpolation: localLinearInterpolation,
    interpretation: "stratonovich",
    init,
    step,
  } as const;
  return solver("ReversibleHeun", claims, fields);
}

function init(term: Term, { t0, y0, args }: SolverStart): ReversibleHeunState {
  return { yHat: y0, vf: term.vf(t0, y0, args) };
}

function step(
  term: Term,
  { t0, t1, y0, args, solverState, madeJump }: SolverStep<ReversibleHeunState>,
): SolverStepResult<ReversibleHeunState> {
  const { yHat } = solverState;
  const f0 =
    madeJump === false
      ? solverState.vf
      : cond(
          madeJump,
          () => term.vf(t0, y0, args),
          () => solverState.vf,
        );
  const control = term.contr(t0, t1);
  const k0 = term.prod(f0, control);
  const yHat1 = treeMap((y, hat, k) => add(sub(mul(y, 2), hat), k), y0, yHat, k0); //   ŷ₁ = 2 y₀ - ŷ₀ + f₀ Δx
  const f1 = term.vf(t1, yHat1, args);
  const both = term.prod(
    treeMap((a, b) => add(a, b), f0, f1),
    control,
  );
  const y1 = treeMap((y, k) => add(y, mul(k, 0.5)), y0, both); //                          y₁ = y₀ + ½ (f₀ + f₁) Δx
  const change = term.prod(
    treeMap((a, b) => sub(b, a), f0, f1),
    control,
  );
  const yError = treeMap((k) => mul(k, 0.5), change); //                                     err = ½ (f₁ - f₀) Δx
  return {
    y1,
    yError,
    denseInfo: { y0, y1 },
    solverState: { yHat: yHat1, vf: f1 },
    result: null,
    counts: evaluationsOf(1, madeJump),
  };
}
