import {
  add,
  div,
  dot,
  eye,
  greater,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  mul,
  outer,
  square,
  sub,
  where,
  zeros,
} from "@diffrax-ts/array";
import { valueAndGrad } from "@diffrax-ts/autodiff";
import { Cholesky, MatrixLinearOperator, unpacked } from "@diffrax-ts/linear-solvers";
import { epsilon, scalarTensor } from "@diffrax-ts/program";
import { resultTensor, type Tree } from "@diffrax-ts/protocol";
import { checkOptions, describeValue, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { isWithinTolerances } from "../isWithinTolerances.ts";
import type { IterationStep, Problem, Termination } from "../IterativeSolver.ts";
import type { Minimiser } from "../Minimiser.ts";
import { checkTolerances, type OwnTolerances } from "../tolerances.ts";
import { difference, mapTree, spaceOfTree, vectorOf } from "../trees.ts";
import { solveLinear } from "./newtonStep.ts";

/** Options of `BFGS`. */
export interface BFGSOptions extends Partial<OwnTolerances> {
  /** Whether the inverse of the Hessian is approximated: products instead of linear solves. @defaultValue true */
  readonly useInverse?: boolean;
}

/** A quasi-Newton method. */
export interface BFGS extends Minimiser<BFGSState> {
  readonly kind: "BFGS";
  readonly useInverse: boolean;
}

/** What is carried from step to step. */
export interface BFGSState {
  readonly isFirst: Tensor;
  /** Where `fn` is evaluated next. */
  readonly yEval: Tree;
  /** `fn` at the last point that was accepted. */
  readonly f: Tensor;
  /** Its gradient there, `[n]`. */
  readonly gradient: Tensor;
  /** The approximate Hessian or its inverse, `[n, n]`. */
  readonly hessian: Tensor;
  readonly stepSize: Scalar;
  readonly isDone: Tensor;
  readonly result: Tensor;
}

/**
 * The method of Broyden, Fletcher, Goldfarb and Shanno: Newton's method for `∇ fn = 0`, with a Hessian that is learned from gradients. Each step is halved until `fn` is
 * below a line of a tenth of its slope (Armijo).
 *
 * @throws RangeError for a tolerance that is none.
 * @see Nocedal and Wright (2006), Numerical Optimization, chapter 6, doi:10.1007/978-0-387-40065-5
 *
 * @example
 * ```ts
 * import { square, sub, sum, tensor } from "@diffrax-ts/array";
 * import type { Tensor } from "@diffrax-ts/pytree";
 * import { BFGS, minimise } from "@diffrax-ts/root-finders";
 *
 * const bowl = (y: Tensor) => sum(square(sub(y, tensor([3, -1]))));
 * minimise(bowl, BFGS({ rtol: 1e-6, atol: 1e-6 }), tensor([0, 0])).value.toArray();
 * // → [3, -1]
 * ```
 */
export function BFGS(options: BFGSOptions = {}): BFGS {
  const {
    rtol = null,
    atol = null,
    norm = null,
    useInverse = true,
  } = checkOptions("BFGS", options, ["rtol", "atol", "norm", "useInverse"]);
  if (typeof useInverse !== "boolean")
    throw new TypeError(`BFGS: useInverse must be true or false, got ${describeValue(useInverse)}`);
  return part("BFGS", {
    ...checkTolerances("BFGS", { rtol, atol, norm }),
    useInverse,
    solves: "minimum",
    init,
    step,
    terminate,
  } as const);
}

function init(_problem: Problem, y: Tree): BFGSState {
  const { size, dtype } = spaceOfTree(y);
  return {
    isFirst: scalarTensor("bool", 1),
    yEval: y,
    f: scalarTensor(dtype, 0),
    gradient: zeros(size, { dtype }),
    hessian: eye(size, { dtype }),
    stepSize: scalarTensor(dtype, 1),
    isDone: scalarTensor("bool", 0),
    result: resultTensor("successful"),
  };
}

function step(this: BFGS, problem: Problem, y: Tree, state: BFGSState): IterationStep<BFGSState> {
  const { isFirst, yEval } = state;
  const space = spaceOfTree(y);
  const found = valueAndGrad(problem.fn as (y: object) => Tensor)(yEval as object);
  const [f, gradient] = [found.value as Tensor, vectorOf(found.grad as Tree)];
  const yDiff = difference(yEval, y);
  const diff = vectorOf(yDiff);

  const accept = logicalOr(isFirst, armijo(state, f, diff));
  const change = { y: yEval, yDiff, f, fDiff: sub(f, state.f) };
  const isClose = logicalAnd(accept, isWithinTolerances(problem, change));
  const from = mapTree((next, last) => where(accept, next, last), yEval, y);
  const kept = {
    f: where(accept, f, state.f),
    gradient: where(accept, gradient, state.gradient),
    hessian: where(accept, updated(this, state, diff, gradient), state.hessian),
  };
  const stepSize = where(accept, 1, mul(0.5, state.stepSize)) as Scalar;
  const { value, result } = direction(this, kept);
  const next = unpacked(space, sub(vectorOf(from), mul(stepSize, value))) as Tree;
  return {
    y: from,
    state: {
      ...kept,
      isFirst: scalarTensor("bool", 0),
      yEval: next,
      stepSize,
      isDone: logicalAnd(isClose, logicalNot(isFirst)),
      result,
    },
  };
}

/** The least slope of a step, as a part of that of `fn`. */
const leastSlope = 0.1;

/** Whether `fn` is far enough below what it was. */
function armijo({ f: last, gradient }: BFGSState, f: Tensor, diff: Tensor): Tensor {
  const predicted = dot(gradient, diff);
  const isBetter = lessEqual(sub(f, last), mul(leastSlope, predicted));
  return logicalAnd(isBetter, lessEqual(predicted, 0));
}

/** The Hessian, or its inverse, with what a step told of it. */
function updated(
  { useInverse }: BFGS,
  { hessian, gradient: last }: BFGSState,
  s: Tensor,
  gradient: Tensor,
): Tensor {
  const g = sub(gradient, last);
  const inner = dot(g, s);
  // Zero in the first step, and at the end.
  const isEnough = greater(inner, epsilon(s.dtype));
  const divisor = where(isEnough, inner, 1);
  if (useInverse) {
    const u = dot(hessian, g);
    const along = div(mul(add(inner, dot(g, u)), outer(s, s)), square(divisor)); //  (sᵀg + gᵀHg) s sᵀ / (sᵀg)²
    const across = div(add(outer(u, s), outer(s, u)), divisor); //                  (H g sᵀ + s gᵀH) / sᵀg
    return where(isEnough, sub(add(hessian, along), across), hessian);
  }
  const u = dot(hessian, s);
  const gain = div(outer(g, g), divisor); //                                        g gᵀ / sᵀg
  const loss = div(outer(u, u), where(isEnough, dot(s, u), 1)); //                  B s sᵀB / sᵀBs
  return where(isEnough, sub(add(hessian, gain), loss), hessian);
}

/** `H g`, or `B⁻¹ g`. */
function direction(
  { useInverse }: BFGS,
  { hessian, gradient }: Pick<BFGSState, "hessian" | "gradient">,
): { readonly value: Tensor; readonly result: Tensor } {
  if (useInverse) return { value: dot(hessian, gradient), result: resultTensor("successful") };
  const solver = Cholesky();
  const operator = MatrixLinearOperator(hessian, { tags: "positiveSemidefinite" });
  return solveLinear(solver, solver.init(operator), gradient);
}

function terminate(_problem: Problem, _y: Tree, { isDone, result }: BFGSState): Termination {
  return { terminate: isDone, result };
}
