import {
  abs,
  add,
  div,
  equal,
  greater,
  less,
  mul,
  neg,
  rem,
  sub,
  vdot,
  where,
} from "@diffrax-ts/array";
import { cond, whileLoop } from "@diffrax-ts/autodiff";
import { part, type Tensor } from "@diffrax-ts/pytree";
import { mvFlat } from "../flat.ts";
import {
  allOf,
  checkCount,
  infinite,
  isIterative,
  isOff,
  iterationOptions,
  type IterationTolerances,
  noSteps,
  requireEndomorphism,
  startOf,
  stepLimit,
  stepsResult,
  type Tolerances,
} from "../iteration.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearSolver, LinearSolverInputs, LinearStep } from "../LinearSolver.ts";
import { linearise } from "../linearise.ts";
import { NegLinearOperator } from "../operators/NegLinearOperator.ts";
import { isNegativeSemidefinite, isPositiveSemidefinite } from "../properties.ts";
import { epsilon } from "../rcond.ts";

/** Options of `CG`. */
export interface CGOptions extends IterationTolerances {
  /**
   * The residual `b - A x` is computed anew every so many steps, and by a shorter way in between, which rounding carries off; `null` for never.
   * @defaultValue 10
   */
  readonly stabiliseEvery?: number | null;
}

/** Conjugate gradients. */
export interface CG extends LinearSolver<CGState>, Tolerances {
  readonly kind: "CG";
  readonly stabiliseEvery: number | null;
}

/** The operator, with its sign turned if it was negative. */
export interface CGState {
  readonly operator: LinearOperator;
  readonly isNegative: boolean;
}

/**
 * Conjugate gradients: an iteration that asks for products with the operator alone, for operators that are marked as `"positiveSemidefinite"` or
 * `"negativeSemidefinite"` and have an inverse. The choice for large ones.
 *
 * A preconditioner has to be marked as positive semidefinite. `stats.numSteps` counts the steps.
 *
 * @see Hestenes and Stiefel (1952), Methods of conjugate gradients for solving linear systems, doi:10.6028/jres.049.044
 *
 * @example
 * ```ts
 * import { mul, tensor } from "@diffrax-ts/array";
 * import { CG, FunctionLinearOperator, linearSolve } from "@diffrax-ts/linear-solvers";
 * import type { Tensor } from "@diffrax-ts/pytree";
 *
 * const operator = FunctionLinearOperator((x: Tensor) => mul(x, tensor([1, 2])), tensor([0, 0]), {
 *   tags: "positiveSemidefinite",
 * });
 * const { value, stats } = linearSolve(operator, tensor([1, 1]), { solver: CG({ rtol: 1e-6, atol: 1e-6 }) });
 * [value.at(1).item().toFixed(3), stats.numSteps];
 * // → ["0.500", 2]
 * ```
 */
export function CG(options: CGOptions): CG {
  const { stabiliseEvery = 10, ...tolerances } = iterationOptions("CG", options, [
    "stabiliseEvery",
  ]);
  checkCount("CG", "stabiliseEvery", stabiliseEvery);
  return part("CG", { ...tolerances, stabiliseEvery, init, transpose, compute, isIterative });
}

function init(operator: LinearOperator): CGState {
  requireEndomorphism("CG", operator);
  const isNegative = isNegativeSemidefinite(operator);
  if (!isNegative && !isPositiveSemidefinite(operator)) {
    throw new TypeError(
      `CG: the operator (${operator.kind}) is not marked as definite; if it is, say so with tags: "positiveSemidefinite" or "negativeSemidefinite"; ` +
        "for others use GMRES, BiCGStab or Normal(CG(…))",
    );
  }
  return { operator: isNegative ? NegLinearOperator(operator) : operator, isNegative };
}

/** The operator is symmetric. */
function transpose(state: CGState): CGState {
  return state;
}

interface Iteration {
  /** By how much `y` changed. */
  readonly diff: Tensor;
  /** The solution so far. */
  readonly y: Tensor;
  /** `b - A y`. */
  readonly r: Tensor;
  /** The direction of the next step. */
  readonly p: Tensor;
  /** `r · M r`. */
  readonly gamma: Tensor;
  readonly step: Tensor;
}

function compute(
  this: CG,
  { operator, isNegative }: CGState,
  b: Tensor,
  options: LinearSolverInputs = {},
): LinearStep {
  const { preconditioner } = options;
  if (preconditioner !== undefined && !isPositiveSemidefinite(preconditioner)) {
    throw new TypeError(
      `CG: the preconditioner (${preconditioner.kind}) is not marked as positive semidefinite; if it is, say so with tags: "positiveSemidefinite"`,
    );
  }
  const { y0, precondition } = startOf("CG", operator, options);
  const product = linearise(operator);
  const a = (x: Tensor): Tensor => mvFlat(product, x);
  const most = stepLimit(this, b.length);
  const least = 100 * epsilon(b.dtype) * b.length;
  const r0 = sub(b, a(y0));
  const p0 = precondition(r0);
  const start: Iteration = {
    diff: infinite(b),
    y: y0,
    r: r0,
    p: p0,
    gamma: vdot(p0, r0),
    step: noSteps(),
  };
  const goesOn = (now: Iteration): Tensor =>
    allOf(greater(now.gamma, 0), less(now.step, most), isOff(this, b, now));
  const turn = ({ y: y0, r: r0, p, gamma: gamma0, step: before }: Iteration): Iteration => {
    const ap = a(p);
    const curvature = vdot(ap, p);
    const isSound = greater(abs(curvature), mul(least, abs(gamma0)));
    const alpha = where(isSound, div(gamma0, curvature), NaN); //     α = γ / p · A p
    const diff = mul(alpha, p);
    const y = add(y0, diff); //                                       y ← y + α p
    const step = add(before, 1);
    const anew = (): Tensor => sub(b, a(y));
    const cheap = (): Tensor => sub(r0, mul(alpha, ap)); //           r ← r - α A p
    const every = this.stabiliseEvery;
    const r = every === null ? cheap() : cond(equal(rem(step, every), 0), anew, cheap);
    const z = precondition(r);
    const gamma = vdot(z, r);
    return { diff, y, r, p: add(z, mul(div(gamma, gamma0), p)), gamma, step }; // p ← M r + γ'/γ p
  };
  const { y, step } = whileLoop(goesOn, turn, start);
  return {
    value: isNegative ? neg(y) : y,
    result: stepsResult(this, step, most),
    stats: { numSteps: step },
  };
}
