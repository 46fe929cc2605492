import { sub } from "@diffrax-ts/array";
import { AutoLinearSolver, MatrixLinearOperator, unpacked } from "@diffrax-ts/linear-solvers";
import { scalarTensor } from "@diffrax-ts/program";
import { resultTensor, type Tree } from "@diffrax-ts/protocol";
import { part } from "@diffrax-ts/pytree";
import type { IterationStep, Problem } from "../IterativeSolver.ts";
import { spaceOfTree, vectorOf } from "../trees.ts";
import {
  completeLeastSquaresOptions,
  isConverged,
  jacobianOf,
  type LeastSquaresOptions,
  type LeastSquaresState,
  noResidual,
  type OfGaussNewton,
  residual,
  terminate,
} from "./leastSquaresParts.ts";
import { solveLinear } from "./newtonStep.ts";

/** The method of Gauss and Newton. */
export interface GaussNewton extends OfGaussNewton<LeastSquaresState> {
  readonly kind: "GaussNewton";
}

/**
 * The method of Gauss and Newton: `y ← y - J⁺ r`, with `J` the derivative of the residuals `r`. Fast where these are small or nearly linear; from a
 * poor start it may diverge, and `LevenbergMarquardt` is the one to take.
 *
 * `linearSolver` has to take operators that are not square. @defaultValue AutoLinearSolver(): QR, and LU if it is square
 *
 * @throws RangeError for a tolerance that is none.
 *
 * @example
 * ```ts
 * import { exp, mul, sub, tensor } from "@diffrax-ts/array";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { GaussNewton, leastSquares } from "@diffrax-ts/root-finders";
 *
 * const [t, counts] = [tensor([0, 1, 2, 3]), tensor([8, 4, 2, 1])];
 * const residuals = (k: Scalar) => sub(mul(8, exp(mul(k.neg(), t))), counts);
 * const { value } = leastSquares(residuals, GaussNewton({ rtol: 1e-8, atol: 1e-8 }), 0.5);
 * value.item() / Math.LN2;
 * // → 1.00000000…
 * ```
 */
export function GaussNewton(options: LeastSquaresOptions = {}): GaussNewton {
  return part("GaussNewton", {
    ...completeLeastSquaresOptions("GaussNewton", options, AutoLinearSolver()),
    solves: "leastSquares",
    init,
    step,
    terminate,
    residual,
  } as const);
}

function init(problem: Problem, y: Tree): LeastSquaresState {
  return {
    yEval: y,
    residual: noResidual(problem, y),
    isDone: scalarTensor("bool", 0),
    result: resultTensor("successful"),
  };
}

function step(
  this: GaussNewton,
  problem: Problem,
  y: Tree,
  state: LeastSquaresState,
): IterationStep<LeastSquaresState> {
  const { yEval } = state;
  const r = vectorOf(problem.fn(yEval));
  const operator = MatrixLinearOperator(jacobianOf(this, problem, yEval));
  const { value, result } = solveLinear(this.linearSolver, this.linearSolver.init(operator), r);
  const next = unpacked(spaceOfTree(y), sub(vectorOf(yEval), value)) as Tree;
  const isDone = isConverged(problem, y, state, r);
  return { y: yEval, state: { yEval: next, residual: r, isDone, result } };
}
