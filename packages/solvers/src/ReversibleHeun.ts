import { add, mul, sub, where } from "@diffrax-ts/array";
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
  type StepCounts,
  type Term,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";

/** A second solution beside the solution, and the vector field there; `null` where that is expensive. */
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
 * With `BacksolveAdjoint` and constant steps its gradients are those of the default adjoint, to rounding, in memory that does not grow
 * with the number of steps.
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
    isElementwise: true,
    init,
    offset,
    initAt,
    step,
  } as const;
  return solver("ReversibleHeun", claims, fields);
}

function init(term: Term, { t0, t1, y0, args }: SolverStart): ReversibleHeunState {
  const isPassedOn = !term.isVfExpensive(t0, t1, y0, args);
  return { yHat: y0, vf: isPassedOn ? term.vf(t0, y0, args) : null };
}

function offset({ yHat }: ReversibleHeunState, y: Tree): Tree {
  return treeMap((hat, own) => sub(hat, own), yHat, y);
}

function initAt(term: Term, start: SolverStart, away: Tree): ReversibleHeunState {
  const yHat = treeMap((y, d) => add(y, d), start.y0, away);
  return init(term, { ...start, y0: yHat });
}

function step(
  term: Term,
  start: SolverStep<ReversibleHeunState>,
): SolverStepResult<ReversibleHeunState> {
  const { t0, t1, y0, solverState } = start;
  const take = solverState.vf === null ? byIncrements : byFields;
  const { both, change, yHat1, vf, counts } = take(term, start, term.contr(t0, t1));
  const y1 = treeMap((y, k) => add(y, mul(k, 0.5)), y0, both); //                          y₁ = y₀ + ½ (f₀ + f₁) Δx
  const yError = treeMap((k) => mul(k, 0.5), change); //                                     err = ½ (f₁ - f₀) Δx
  const denseInfo = { y0, y1 };
  return { y1, yError, denseInfo, solverState: { yHat: yHat1, vf }, result: null, counts };
}

/** What a step is made of. */
interface Increments {
  /** `(f₀ + f₁) Δx` */
  readonly both: Tree;
  /** `(f₁ - f₀) Δx` */
  readonly change: Tree;
  readonly yHat1: Tree;
  readonly vf: Tree;
  readonly counts: StepCounts;
}

function nextHat(y0: Tree, yHat: Tree, k0: Tree): Tree {
  return treeMap((y, hat, k) => add(sub(mul(y, 2), hat), k), y0, yHat, k0); //           ŷ₁ = 2 y₀ - ŷ₀ + f₀ Δx
}

/** With the vector field passed on from the step before. */
function byFields(
  term: Term,
  { t0, t1, y0, args, solverState, madeJump }: SolverStep<ReversibleHeunState>,
  control: Tree,
): Increments {
  const f0 =
    madeJump === false
      ? solverState.vf
      : cond(
          madeJump,
          () => term.vf(t0, y0, args),
          () => solverState.vf,
        );
  const yHat1 = nextHat(y0, solverState.yHat, term.prod(f0, control));
  const vf = term.vf(t1, yHat1, args);
  const both = term.prod(
    treeMap((a, b) => add(a, b), f0, vf),
    control,
  );
  const change = term.prod(
    treeMap((a, b) => sub(b, a), f0, vf),
    control,
  );
  return { both, change, yHat1, vf, counts: evaluationsOf(1, madeJump) };
}

/** Where products with a control are cheaper than the vector field: two of them. */
function byIncrements(
  term: Term,
  { t0, t1, y0, args, solverState: { yHat }, madeJump }: SolverStep<ReversibleHeunState>,
  control: Tree,
): Increments {
  const at = madeJump === false ? yHat : treeMap((y, hat) => where(madeJump, y, hat), y0, yHat);
  const k0 = term.vfProd(t0, at, args, control);
  const yHat1 = nextHat(y0, yHat, k0);
  const k1 = term.vfProd(t1, yHat1, args, control);
  const both = treeMap((a, b) => add(a, b), k0, k1);
  const change = treeMap((a, b) => sub(b, a), k0, k1);
  return { both, change, yHat1, vf: null, counts: { numEvaluations: 2 } };
}
