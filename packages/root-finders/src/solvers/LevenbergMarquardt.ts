import {
  add,
  concatenate,
  div,
  dot,
  eye,
  greater,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  mul,
  sqrt,
  square,
  sub,
  sum,
  where,
  zeros,
} from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import { MatrixLinearOperator, QR, unpacked } from "@diffrax-ts/linear-solvers";
import { epsilon, scalarTensor } from "@diffrax-ts/program";
import { resultTensor, type Tree } from "@diffrax-ts/protocol";
import {
  checkOptions,
  describeValue,
  type DType,
  part,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";
import type { IterationStep, Problem } from "../IterativeSolver.ts";
import { difference, mapTree, spaceOfTree, vectorOf } from "../trees.ts";
import {
  completeLeastSquaresOptions,
  isConverged,
  jacobianOf,
  leastSquaresNames,
  type LeastSquaresOptions,
  type LeastSquaresState,
  noResidual,
  type OfGaussNewton,
  residual,
  terminate,
} from "./leastSquaresParts.ts";
import { solveLinear } from "./newtonStep.ts";

/** Options of `LevenbergMarquardt`. */
export interface LevenbergMarquardtOptions extends LeastSquaresOptions {
  /** The first `λ`: the smaller, the closer the first steps are to those of Gauss and Newton. @defaultValue 1 */
  readonly lambda0?: number;
}

/** The method of Levenberg and Marquardt. */
export interface LevenbergMarquardt extends OfGaussNewton<LevenbergMarquardtState> {
  readonly kind: "LevenbergMarquardt";
  readonly lambda0: number;
}

/** What is carried from step to step. */
export interface LevenbergMarquardtState extends LeastSquaresState {
  readonly isFirst: Tensor;
  /** The derivative of the residuals at the last point that was accepted, `[m, n]`. */
  readonly jacobian: Tensor;
  /** `1 / λ`. */
  readonly stepSize: Scalar;
}

/**
 * The method of Levenberg and Marquardt: steps `d` with `(JᵀJ + λ I) d = -Jᵀr`, between those of Gauss and Newton and those down the gradient. The one to take
 * for least squares.
 *
 * A step is taken if it lessens the sum of squares by at least a hundredth of what the linear model says. `λ` starts at `lambda0`; it becomes smaller by a
 * factor of 3.5 after a step that did as the model says, and larger by a factor of 4 after one that was refused. Unknowns are best of one scale: fit logarithms of what is positive.
 *
 * `linearSolver` has to take operators with more rows than columns: those of `J` and below it `√λ I`. @defaultValue QR()
 *
 * @throws RangeError for a tolerance that is none.
 * @see Marquardt (1963), J. SIAM 11, 431–441, doi:10.1137/0111030; Gould, Orban, Sartenaer and Toint (2005), 4OR 3, 227–241, doi:10.1007/s10288-005-0065-y
 *
 * @example
 * ```ts
 * import { add, mul, square, sub } from "@diffrax-ts/array";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { leastSquares, LevenbergMarquardt } from "@diffrax-ts/root-finders";
 *
 * // Rosenbrock's valley.
 * const residuals = ([x, y]: readonly [Scalar, Scalar]) => [sub(1, x), mul(10, sub(y, square(x)))];
 * const { value } = leastSquares(residuals, LevenbergMarquardt({ rtol: 1e-8, atol: 1e-8 }), [-1.2, 1] as const);
 * value.map((x) => x.item());
 * // → [1.00000000…, 1.00000000…]
 * ```
 */
export function LevenbergMarquardt(options: LevenbergMarquardtOptions = {}): LevenbergMarquardt {
  const { lambda0 = 1, ...rest } = checkOptions("LevenbergMarquardt", options, [
    ...leastSquaresNames,
    "lambda0",
  ]);
  if (!(typeof lambda0 === "number" && lambda0 > 0 && lambda0 < Infinity)) {
    throw new RangeError(
      `LevenbergMarquardt: lambda0 must be a finite number > 0, got ${describeValue(lambda0)}`,
    );
  }
  return part("LevenbergMarquardt", {
    ...completeLeastSquaresOptions("LevenbergMarquardt", rest, QR()),
    lambda0,
    solves: "leastSquares",
    init,
    step,
    terminate,
    residual,
  } as const);
}

function init(this: LevenbergMarquardt, problem: Problem, y: Tree): LevenbergMarquardtState {
  const { size, dtype } = spaceOfTree(y);
  const r = noResidual(problem, y);
  return {
    isFirst: scalarTensor("bool", 1),
    yEval: y,
    residual: r,
    jacobian: zeros([r.length, size], { dtype }),
    stepSize: scalarTensor(dtype, 1 / this.lambda0),
    isDone: scalarTensor("bool", 0),
    result: resultTensor("successful"),
  };
}

function step(
  this: LevenbergMarquardt,
  problem: Problem,
  y: Tree,
  state: LevenbergMarquardtState,
): IterationStep<LevenbergMarquardtState> {
  const { yEval } = state;
  const r = vectorOf(problem.fn(yEval));
  const { accept, stepSize } = trustRegion(state, r, vectorOf(difference(yEval, y)));
  const jacobian = cond(
    accept,
    () => jacobianOf(this, problem, yEval),
    () => state.jacobian,
  );
  const kept = where(accept, r, state.residual);
  const from = mapTree((next, last) => where(accept, next, last), yEval, y);
  const isDone = logicalAnd(accept, isConverged(problem, y, state, r));
  const { value, result } = dampedStep(this, jacobian, kept, stepSize);
  const next = unpacked(spaceOfTree(y), sub(vectorOf(from), value)) as Tree;
  return {
    y: from,
    state: {
      isFirst: scalarTensor("bool", 0),
      yEval: next,
      residual: kept,
      jacobian,
      stepSize,
      isDone,
      result,
    },
  };
}

/** How good a step has to be, and what becomes of the next ones: those of Gould et al. */
const region = { low: 0.01, high: 0.99, shorter: 0.25, longer: 3.5 } as const;

/** Whether a step is taken, and how long the next one is to be. */
function trustRegion(
  { isFirst, residual: last, jacobian, stepSize }: LevenbergMarquardtState,
  r: Tensor,
  yDiff: Tensor,
): { readonly accept: Tensor; readonly stepSize: Scalar } {
  const squares = (x: Tensor): Tensor => sum(square(x));
  const before = squares(last);
  const actual = mul(0.5, sub(squares(r), before));
  const predicted = mul(0.5, sub(squares(add(dot(jacobian, yDiff), last)), before));
  const isBetter = lessEqual(actual, mul(region.low, predicted));
  const isGood = logicalAnd(less(actual, mul(region.high, predicted)), less(predicted, 0));
  const accept = logicalOr(isFirst, isBetter);
  const factor = (x: number): Tensor => scalarTensor(r.dtype, x);
  const isGrowing = logicalAnd(isGood, logicalNot(isFirst));
  const grown = where(isGrowing, factor(region.longer), factor(1));
  return { accept, stepSize: mul(stepSize, where(accept, grown, region.shorter)) as Scalar };
}

/** `d` with the least `|J d - r|² + λ |d|²`. */
function dampedStep(
  { linearSolver }: LevenbergMarquardt,
  jacobian: Tensor,
  r: Tensor,
  stepSize: Scalar,
): { readonly value: Tensor; readonly result: Tensor } {
  const { dtype } = r;
  const isLong = greater(stepSize, epsilon(dtype));
  const lambda = where(isLong, div(1, where(isLong, stepSize, 1)), largest(dtype));
  const n = jacobian.shape[1]!;
  const damped = concatenate([jacobian, mul(sqrt(lambda), eye(n, { dtype }))]);
  const factors = linearSolver.init(MatrixLinearOperator(damped));
  return solveLinear(linearSolver, factors, concatenate([r, zeros(n, { dtype })]));
}

/** The largest finite number. */
function largest(dtype: DType): number {
  return dtype === "float64" ? Number.MAX_VALUE : (2 - 2 ** -23) * 2 ** 127;
}
