import {
  add,
  concatenate,
  div,
  dot,
  dynamicUpdateSlice,
  equal,
  expandDims,
  eye,
  greaterEqual,
  less,
  logicalAnd,
  logicalNot,
  logicalOr,
  minimum,
  mul,
  pad,
  reshape,
  slice,
  sub,
  transpose as transposed,
  where,
  zeros,
  zerosLike,
} from "@diffrax-ts/array";
import { cond, whileLoop } from "@diffrax-ts/autodiff";
import { numberAs, scalarTensor } from "@diffrax-ts/program";
import { part, type Tensor } from "@diffrax-ts/pytree";
import { mvFlat } from "../flat.ts";
import {
  allOf,
  checkCount,
  endomorphismState,
  infinite,
  isIterative,
  isOff,
  iterationOptions,
  type IterationTolerances,
  noSteps,
  type OperatorState,
  startOf,
  stepLimit,
  stepsResult,
  type Tolerances,
  transposedState,
  twoNorm,
} from "../iteration.ts";
import { factorQR, timesTransposedQ } from "../kernels/householder.ts";
import { places } from "../kernels/places.ts";
import { solveTriangle } from "../kernels/triangular.ts";
import type { LinearSolver, LinearSolverInputs, LinearStep } from "../LinearSolver.ts";
import { linearise } from "../linearise.ts";
import { resultTensor } from "../results.ts";
import { epsilon } from "../rcond.ts";

/** Options of `GMRES`. */
export interface GMRESOptions extends IterationTolerances {
  /** So many directions are searched before the search starts anew: memory for that many vectors. @defaultValue 20 */
  readonly restart?: number;
  /** After so many searches that made the residual no smaller, the result is `stagnation`. @defaultValue 20 */
  readonly stagnationIters?: number;
}

/** The generalised minimal residual method. */
export interface GMRES extends LinearSolver<OperatorState>, Tolerances {
  readonly kind: "GMRES";
  readonly restart: number;
  readonly stagnationIters: number;
}

/**
 * The generalised minimal residual method: an iteration that asks for products with the operator alone. The choice for large square
 * operators that are not symmetric. A preconditioner is applied from the left.
 *
 * `stats.numSteps` counts searches of up to `restart` products each, and one more for the first residual.
 *
 * @see Saad and Schultz (1986), GMRES, doi:10.1137/0907058
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { GMRES, linearSolve } from "@diffrax-ts/linear-solvers";
 *
 * const matrix = tensor([[4, 1], [0, 2]]);
 * const { value } = linearSolve(matrix, tensor([6, 4]), { solver: GMRES({ rtol: 1e-8, atol: 1e-8 }) });
 * value.toArray().map((x) => x.toFixed(6));
 * // → ["1.000000", "2.000000"]
 * ```
 */
export function GMRES(options: GMRESOptions): GMRES {
  const {
    restart = 20,
    stagnationIters = 20,
    ...tolerances
  } = iterationOptions("GMRES", options, ["restart", "stagnationIters"]);
  checkCount("GMRES", "restart", restart);
  checkCount("GMRES", "stagnationIters", stagnationIters);
  return part("GMRES", {
    ...tolerances,
    restart,
    stagnationIters,
    init: endomorphismState,
    transpose: transposedState,
    compute,
    isIterative,
  });
}

interface Iteration {
  readonly y: Tensor;
  readonly r: Tensor;
  /** Whether the last search ended early. */
  readonly isBroken: Tensor;
  /** Whether the one before did: then it goes on no more. One search more shows whether `y` still changes. */
  readonly wasBroken: Tensor;
  readonly diff: Tensor;
  readonly least: Tensor;
  readonly step: Tensor;
  /** Searches since the residual got smaller. */
  readonly idle: Tensor;
}

function compute(
  this: GMRES,
  { operator }: OperatorState,
  b: Tensor,
  options: LinearSolverInputs = {},
): LinearStep {
  const { y0, precondition } = startOf("GMRES", operator, options);
  const most = stepLimit(this, b.length);
  const restart = Math.min(this.restart, b.length);
  const a = linearise(operator);
  const product = (x: Tensor): Tensor => precondition(mvFlat(a, x));
  const no = scalarTensor("bool", 0);
  const start: Iteration = {
    y: y0,
    r: zerosLike(b),
    isBroken: no,
    wasBroken: no,
    diff: infinite(b),
    least: numberAs("GMRES", Infinity, b.dtype),
    step: noSteps(),
    idle: noSteps(),
  };
  const goesOn = (now: Iteration): Tensor => {
    const isUnfinished = allOf(
      logicalNot(now.wasBroken),
      less(now.idle, this.stagnationIters),
      isOff(this, b, now),
      less(now.step, most),
    );
    return logicalOr(isUnfinished, equal(now.step, 0));
  };
  const turn = (now: Iteration): Iteration => {
    // The first turn only makes the residual.
    const found: Search = cond(
      equal(now.step, 0),
      (): Search => ({ diff: infinite(b), isBroken: no }),
      () => search(product, now.r, restart),
    );
    const y = where(equal(now.step, 0), now.y, add(now.y, found.diff));
    const r = precondition(sub(b, mvFlat(a, y)));
    const size = this.norm(r);
    return {
      y,
      r,
      isBroken: found.isBroken,
      wasBroken: now.isBroken,
      diff: found.diff,
      least: minimum(size, now.least),
      step: add(now.step, 1),
      idle: where(less(size, now.least), 0, add(now.idle, 1)),
    };
  };
  const end = whileLoop(goesOn, turn, start);
  const isStagnant = greaterEqual(end.idle, this.stagnationIters);
  const isBreakdown = logicalAnd(end.wasBroken, isOff(this, b, end));
  const ended = where(isStagnant, resultTensor("stagnation"), stepsResult(this, end.step, most));
  return {
    value: end.y,
    result: where(isBreakdown, resultTensor("breakdown"), ended),
    stats: { numSteps: end.step },
  };
}

/** What one search found. */
interface Search {
  /** To be added to the solution. */
  readonly diff: Tensor;
  /** Whether there was no new direction any more. */
  readonly isBroken: Tensor;
}

interface Arnoldi {
  /** Orthonormal directions in rows, `[restart + 1, n]`. */
  readonly basis: Tensor;
  /** Row `k` is the product with direction `k` in terms of the basis: the transpose of a Hessenberg matrix. */
  readonly coefficients: Tensor;
  readonly isBroken: Tensor;
  readonly k: Tensor;
}

/** The best step within the space of `r, A r, …, Aᵐ⁻¹ r`. */
function search(product: (x: Tensor) => Tensor, r: Tensor, restart: number): Search {
  const { dtype } = r;
  const eps = numberAs("GMRES", epsilon(dtype), dtype);
  const first = normalised(r, eps);
  const start: Arnoldi = {
    basis: pad(expandDims(first.x, 0), [
      [0, restart],
      [0, 0],
    ]),
    coefficients: pad(eye(restart, { dtype }), [
      [0, 0],
      [0, 1],
    ]),
    isBroken: first.isZero,
    k: scalarTensor("int32", 0),
  };
  const goesOn = ({ k, isBroken }: Arnoldi): Tensor =>
    logicalAnd(less(k, restart), logicalNot(isBroken));
  const turn = ({ basis, coefficients, k }: Arnoldi): Arnoldi => {
    const next = product(row(basis, k));
    const along = dot(basis, next);
    const rest = sub(next, dot(along, basis)); //                    w ← w - Σ (vᵢ · w) vᵢ
    const { x, size, isZero } = normalised(rest, mul(twoNorm(next), eps));
    const h = where(equal(places(restart + 1), add(k, 1)), size, along);
    return {
      basis: dynamicUpdateSlice(basis, expandDims(x, 0), [add(k, 1), 0]),
      coefficients: dynamicUpdateSlice(coefficients, expandDims(h, 0), [k, 0]),
      isBroken: isZero,
      k: add(k, 1),
    };
  };
  const { basis, coefficients, isBroken } = whileLoop(goesOn, turn, start, {
    maxSteps: restart,
  });
  const right = concatenate([reshape(first.size, [1]), zeros(restart, { dtype })]);
  const z = leastSquares(transposed(coefficients), right); //          min |β e₁ - H z|
  return { diff: dot(z, slice(basis, [0, restart])), isBroken };
}

function row(x: Tensor, k: Tensor): Tensor {
  return x.at(k);
}

function leastSquares(matrix: Tensor, b: Tensor): Tensor {
  const factors = factorQR(matrix);
  const y = slice(timesTransposedQ(factors, b), [0, matrix.shape[1]!]);
  return solveTriangle(factors.upper, y, { isLower: false });
}

/** A vector divided by its length; zero if that is less than `least`. */
function normalised(x: Tensor, least: Tensor): { x: Tensor; size: Tensor; isZero: Tensor } {
  const size = twoNorm(x);
  const isZero = less(size, least);
  return { x: div(x, where(isZero, Infinity, size)), size, isZero };
}
