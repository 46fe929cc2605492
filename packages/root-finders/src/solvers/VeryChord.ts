import {
  add,
  div,
  equal,
  greater,
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
import { stopGradient } from "@diffrax-ts/autodiff";
import {
  AutoLinearSolver,
  type LinearOperator,
  type LinearSolver,
  spaceOf,
} from "@diffrax-ts/linear-solvers";
import { epsilon, scalarTensor } from "@diffrax-ts/program";
import { type Norm, resultTensor, type Tree } from "@diffrax-ts/protocol";
import { checkOptions, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { checkKappa, checkLinearSolver } from "./checkSolverOptions.ts";
import { newtonStep, resolution } from "./newtonStep.ts";
import { scaledSize } from "../isWithinTolerances.ts";
import type { IterationStep, Problem, Termination } from "../IterativeSolver.ts";
import type { Linearisation } from "../Linearisation.ts";
import type { RootFinder } from "../RootFinder.ts";
import { checkTolerances, type OwnTolerances, toDType } from "../tolerances.ts";
import { difference, dtypeOf } from "../trees.ts";

/** Options of `VeryChord`. */
export interface VeryChordOptions extends Partial<OwnTolerances> {
  /** How much of the tolerance the error of the root may be. @defaultValue 0.01 */
  readonly kappa?: number;
  /** Solves linear systems with the derivative. @defaultValue `AutoLinearSolver({ wellPosed: true })` */
  readonly linearSolver?: LinearSolver;
  /** Whether it fails if two steps were not enough, as Diffrax 0.7.2 does. @defaultValue false */
  readonly diffrax072?: boolean;
}

/** Newton's method with one derivative for several systems. */
export interface VeryChord extends RootFinder<VeryChordState> {
  readonly kind: "VeryChord";
  readonly norm: Norm | null;
  readonly kappa: number;
  readonly linearSolver: LinearSolver;
  readonly diffrax072: boolean;
  linearise(operator: LinearOperator): Linearisation;
  readonly sharesJacobian: true;
}

/** What is carried from step to step. */
export interface VeryChordState {
  /** Of the last step, over the tolerance. */
  readonly size: Scalar;
  /** Of the last step over that of the one before; of the first one what was known of it. */
  readonly rate: Scalar;
  readonly numSteps: Tensor;
  /** Of the linear solve. */
  readonly result: Tensor;
}

/**
 * Newton's method with a derivative that is not made anew: in a step of a differential equation one serves all stages, and as long as it is good enough later
 * steps too. The root finder of implicit solvers.
 *
 * It goes on while the steps become shorter. With `Θ` the rate at which they do, the error left is at most `Θ / (1 - Θ)` times the last step, and that
 * has to be below `kappa` times the tolerance (Hairer and Wanner, section IV.8). If a rate was measured before with the same derivative, one step can do.
 * Steps that do not become shorter are a divergence.
 *
 * Tolerances that are left out are those of the step size controller.
 *
 * @throws RangeError for a tolerance or `kappa` that is none.
 * @see Hairer and Wanner (1996), Solving Ordinary Differential Equations II, doi:10.1007/978-3-642-05221-7
 *
 * @example
 * ```ts
 * import { sub } from "@diffrax-ts/array";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { rootFind, VeryChord } from "@diffrax-ts/root-finders";
 *
 * const root = rootFind((y: Scalar) => sub(y.mul(y), 2), VeryChord({ rtol: 1e-9, atol: 1e-9 }), 1.5);
 * root.value.item();
 * // → 1.414213562…
 * ```
 */
export function VeryChord(options: VeryChordOptions = {}): VeryChord {
  const {
    rtol = null,
    atol = null,
    norm = null,
    diffrax072 = false,
    kappa = 1e-2,
    linearSolver = AutoLinearSolver({ wellPosed: true }),
  } = checkOptions("VeryChord", options, [
    "rtol",
    "atol",
    "norm",
    "kappa",
    "linearSolver",
    "diffrax072",
  ]);
  return part("VeryChord", {
    ...checkTolerances("VeryChord", { rtol, atol, norm }),
    kappa: checkKappa("VeryChord", kappa),
    linearSolver: checkLinearSolver("VeryChord", linearSolver),
    diffrax072,
    sharesJacobian: true,
    linearise,
    init,
    step,
    terminate,
    learn,
    ...(diffrax072 ? {} : { isOutdated }),
  } as const);
}

/** What an iteration with one derivative knows of it. */
export function linearise(
  this: { readonly linearSolver: LinearSolver },
  operator: LinearOperator,
): Linearisation {
  const factors: unknown = stopGradient(this.linearSolver.init(stopGradient(operator)));
  const { dtype } = spaceOf(operator.inStructure(), `${operator.kind}: inStructure`);
  const rate = scalarTensor(dtype, Infinity);
  return { factors, rate, assumedRate: rate };
}

function init(this: VeryChord, { jacobian }: Problem, y: Tree): VeryChordState {
  const dtype = dtypeOf(y);
  return {
    size: scalarTensor(dtype, Infinity),
    rate: this.diffrax072 ? scalarTensor(dtype, Infinity) : jacobian!.assumedRate,
    numSteps: scalarTensor("int32", 0),
    result: resultTensor("successful"),
  };
}

function step(
  this: VeryChord,
  problem: Problem,
  y: Tree,
  { size: before, rate: known, numSteps }: VeryChordState,
): IterationStep<VeryChordState> {
  const { diff, result } = newtonStep(problem, this.linearSolver, problem.jacobian!.factors, y);
  const next = difference(y, diff);
  const size = scaledSize(problem, diff, next);
  const isFirst = equal(numSteps, 0);
  const rate = where(isFirst, known, div(size, before)) as Scalar;
  return { y: next, state: { size, rate, numSteps: add(numSteps, 1), result } };
}

function terminate(
  this: VeryChord,
  problem: Problem,
  y: Tree,
  { size, rate, numSteps, result }: VeryChordState,
): Termination {
  const dtype = dtypeOf(y);
  const hasRate = greater(numSteps, 1);
  let isDone: Tensor;
  let isFailed: Tensor;
  if (this.diffrax072) {
    const isSmall = less(size, resolution(dtype));
    const remaining = mul(size, div(rate, sub(1, rate))); // of the error: Θ / (1 - Θ) ‖Δ‖
    const isConverged = logicalAnd(greater(remaining, 0), less(remaining, this.kappa));
    isDone = logicalAnd(hasRate, logicalOr(isSmall, isConverged));
    isFailed = logicalAnd(hasRate, logicalNot(logicalOr(isSmall, isConverged)));
  } else {
    const isSmall = lessEqual(size, roundOff(problem, this.kappa, y));
    const shrinks = less(rate, 1);
    const isConverged = less(mul(size, rate), mul(sub(1, rate), this.kappa)); // Θ / (1 - Θ) ‖Δ‖ < κ
    isDone = logicalOr(isSmall, logicalAnd(shrinks, isConverged));
    isFailed = logicalAnd(logicalNot(isDone), logicalAnd(hasRate, logicalNot(shrinks)));
  }
  const isSolved = equal(result, resultTensor("successful"));
  const own = where(isFailed, resultTensor("nonlinearDivergence"), resultTensor("successful"));
  return {
    terminate: logicalOr(isDone, logicalNot(isSolved)),
    result: where(isSolved, own, result),
  };
}

function learn(
  this: VeryChord,
  { jacobian }: Problem,
  { rate, numSteps }: VeryChordState,
): Linearisation {
  const measured = where(greater(numSteps, 1), rate, jacobian!.rate) as Scalar;
  // With each solve that did not measure it, a rate is trusted less, until one does.
  const assumedRate = mul(maximum(rate, 1e-3), 3);
  return { factors: jacobian!.factors, rate: measured, assumedRate };
}

/** If steps are not at least 30 times shorter than those before them, a new derivative costs less than more steps. */
function isOutdated({ rate }: Pick<Linearisation, "rate">): Tensor {
  return logicalNot(lessEqual(rate, 0.03));
}

/** Steps of this size, over the tolerance, are of rounding errors: of `10 ε |y|`. They need not become shorter. */
function roundOff({ tolerances: { rtol } }: Problem, kappa: number, y: Tree): Scalar {
  const dtype = dtypeOf(y);
  const like = scalarTensor(dtype, 10 * epsilon(dtype));
  const size = div(like, toDType(rtol, like));
  return maximum(resolution(dtype), minimum(kappa, size)) as Scalar;
}
