import {
  div,
  equal,
  greaterEqual,
  isFinite,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  maximum,
  minimum,
  mul,
  sub,
  where,
} from "@diffrax-ts/array";
import { treeLoop } from "@diffrax-ts/autodiff";
import { type LinearSolver, unpacked } from "@diffrax-ts/linear-solvers";
import { scalarTensor } from "@diffrax-ts/program";
import { resultTensor, type Tree } from "@diffrax-ts/protocol";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { isWithinTolerances, scaledSize } from "../isWithinTolerances.ts";
import type { IterationStep, Problem, Termination } from "../IterativeSolver.ts";
import type { RootFinder } from "../RootFinder.ts";
import { dtypeOf, mapTree, spaceOfTree, vectorOf } from "../trees.ts";
import { completeNewtonOptions, type NewtonOptions } from "./newtonChord.ts";
import { jacobianAt, solveLinear } from "./newtonStep.ts";

/** Newton's method with shorter steps where the full ones do not come nearer. */
export interface LineSearchNewton extends RootFinder<LineSearchState> {
  readonly kind: "LineSearchNewton";
  readonly kappa: number;
  readonly linearSolver: LinearSolver;
  readonly cauchyTermination: boolean;
}

/** What is carried from step to step. */
export interface LineSearchState {
  /** `fn` at the last point. */
  readonly f: Tree;
  /** Which part of Newton's step was made. */
  readonly lambda: Scalar;
  readonly isDone: Tensor;
  readonly result: Tensor;
}

/** A point that was tried. */
interface Trial {
  readonly lambda: Scalar;
  readonly y: Tree;
  readonly f: Tree;
  /** `‖A⁻¹ f‖` there, over the tolerance. */
  readonly size: Scalar;
  readonly accept: Tensor;
}

/**
 * Newton's method with a line search: `y ← y - λ f'(y)⁻¹ f(y)`, with the largest `λ ≤ 1` at which the next correction, with the same derivative, is shorter:
 *
 *     ‖f'(y)⁻¹ f(y - λ d)‖ ≤ (1 - λ / 4) ‖d‖,   d = f'(y)⁻¹ f(y).
 *
 * That does not depend on how the equations are scaled. From a poor start it comes to a root where `Newton` diverges or jumps about; close to one the steps are those of `Newton`. When
 * no `λ` is short enough the result is `nonlinearDivergence`: `f` may have no root, or none on the way.
 *
 * With `cauchyTermination: false` it ends when the next correction is below `kappa` times the tolerance.
 *
 * @throws RangeError for a tolerance or `kappa` that is none.
 * @see Deuflhard (2011), Newton Methods for Nonlinear Problems, section 3.3, doi:10.1007/978-3-642-23899-4
 *
 * @example
 * ```ts
 * import { atan } from "@diffrax-ts/array";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { LineSearchNewton, Newton, rootFind } from "@diffrax-ts/root-finders";
 *
 * const fn = (y: Scalar) => atan(y);
 * rootFind(fn, Newton({ rtol: 1e-9, atol: 1e-9 }), 2, { throw: false }).result;
 * // → "singular"
 * Math.abs(rootFind(fn, LineSearchNewton({ rtol: 1e-9, atol: 1e-9 }), 2).value.item()) < 1e-9;
 * // → true
 * ```
 */
export function LineSearchNewton(options: NewtonOptions = {}): LineSearchNewton {
  const { bounds: _, ...complete } = completeNewtonOptions("LineSearchNewton", options);
  return part("LineSearchNewton", { ...complete, init, step, terminate });
}

function init({ fn }: Problem, y: Tree): LineSearchState {
  return {
    f: fn(y),
    lambda: scalarTensor(dtypeOf(y), 1),
    isDone: scalarTensor("bool", 0),
    result: resultTensor("successful"),
  };
}

/** Below this part of Newton's step there is no use in going on. */
const leastLambda = 1e-6;

function step(
  this: LineSearchNewton,
  problem: Problem,
  y: Tree,
  state: LineSearchState,
): IterationStep<LineSearchState> {
  const space = spaceOfTree(y);
  const factors = this.linearSolver.init(jacobianAt(problem, y));
  const correction = (f: Tree): { readonly d: Tree; readonly result: Tensor } => {
    const { value, result } = solveLinear(this.linearSolver, factors, vectorOf(f));
    return { d: unpacked(space, value) as Tree, result };
  };
  const { d, result } = correction(state.f);
  const length = scaledSize(problem, d, y);

  const tryAt = (lambda: Scalar): Trial & { readonly shorter: Scalar } => {
    const next = mapTree((x, dx) => sub(x, mul(lambda, dx)), y, d);
    const f = problem.fn(next);
    const { d: after } = correction(f);
    const size = scaledSize(problem, after, y);
    const isNearer = lessEqual(size, mul(sub(1, mul(0.25, lambda)), length));
    // At a root corrections are of roundings, which need not become shorter.
    const accept = logicalOr(isNearer, less(size, this.kappa));
    // How far the correction is from that of a linear function.
    const bend = mapTree((a, b) => sub(a, mul(sub(1, lambda), b)), after, d);
    const best = div(mul(0.5, mul(length, mul(lambda, lambda))), scaledSize(problem, bend, y));
    const half = mul(0.5, lambda);
    const shorter = where(isFinite(best), maximum(minimum(best, half), mul(0.1, lambda)), half);
    return { lambda, y: next, f, size, accept, shorter };
  };
  const goesOn = ({ accept, shorter }: Trial & { readonly shorter: Scalar }): Tensor =>
    logicalAnd(logicalNot(accept), greaterEqual(shorter, leastLambda));
  const first = tryAt(minimum(1, mul(4, state.lambda)) as Scalar);
  const trial = treeLoop("rootFind", first, goesOn, ({ shorter }) => tryAt(shorter), {
    bound: null,
  });

  const isWhole = equal(trial.lambda, 1);
  const isClose = this.cauchyTermination
    ? isWithinTolerances(problem, { y, yDiff: d, f: trial.f, fDiff: null })
    : less(trial.size, this.kappa);
  const stalls = where(
    trial.accept,
    resultTensor("successful"),
    resultTensor("nonlinearDivergence"),
  );
  const isSolved = equal(result, resultTensor("successful"));
  return {
    y: trial.y,
    state: {
      f: trial.f,
      lambda: trial.lambda,
      isDone: logicalAnd(isWhole, logicalAnd(trial.accept, isClose)),
      result: where(isSolved, stalls, result),
    },
  };
}

function terminate(_problem: Problem, _y: Tree, { isDone, result }: LineSearchState): Termination {
  return { terminate: isDone, result };
}
