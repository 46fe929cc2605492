import {
  add,
  div,
  equal,
  less,
  logicalNot,
  logicalOr,
  mul,
  sub,
  vdot,
  where,
  zerosLike,
} from "@diffrax-ts/array";
import { whileLoop } from "@diffrax-ts/autodiff";
import { numberAs } from "@diffrax-ts/program";
import { part, type Tensor } from "@diffrax-ts/pytree";
import { mvFlat } from "../flat.ts";
import {
  allOf,
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
} from "../iteration.ts";
import type { LinearSolver, LinearSolverInputs, LinearStep } from "../LinearSolver.ts";
import { linearise } from "../linearise.ts";
import { resultTensor } from "../results.ts";

/** The stabilised biconjugate gradient method. */
export interface BiCGStab extends LinearSolver<OperatorState>, Tolerances {
  readonly kind: "BiCGStab";
}

/**
 * The stabilised biconjugate gradient method: an iteration that asks for two products with the operator a step, and needs little memory. For square
 * operators; it may break down, and `GMRES` seldom does.
 *
 * @see van der Vorst (1992), Bi-CGSTAB, doi:10.1137/0913035
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { BiCGStab, linearSolve } from "@diffrax-ts/linear-solvers";
 *
 * const matrix = tensor([[4, 1], [0, 2]]);
 * const { value } = linearSolve(matrix, tensor([6, 4]), { solver: BiCGStab({ rtol: 1e-8, atol: 1e-8 }) });
 * value.toArray().map((x) => x.toFixed(6));
 * // → ["1.000000", "2.000000"]
 * ```
 */
export function BiCGStab(options: IterationTolerances): BiCGStab {
  return part("BiCGStab", {
    ...iterationOptions("BiCGStab", options),
    init: endomorphismState,
    transpose: transposedState,
    compute,
    isIterative,
  });
}

/** With the letters of van der Vorst, `y` for his `x`. */
interface Iteration {
  readonly y: Tensor;
  readonly r: Tensor;
  readonly alpha: Tensor;
  readonly omega: Tensor;
  readonly rho: Tensor;
  readonly p: Tensor;
  readonly v: Tensor;
  readonly diff: Tensor;
  readonly step: Tensor;
}

function compute(
  this: BiCGStab,
  { operator }: OperatorState,
  b: Tensor,
  options: LinearSolverInputs = {},
): LinearStep {
  const { y0, precondition } = startOf("BiCGStab", operator, options);
  const product = linearise(operator);
  const a = (x: Tensor): Tensor => mvFlat(product, x);
  const most = stepLimit(this, b.length);
  const r0 = sub(b, a(y0));
  const one = numberAs("BiCGStab", 1, b.dtype);
  const start: Iteration = {
    y: y0,
    r: r0,
    alpha: one,
    omega: one,
    rho: one,
    p: zerosLike(b),
    v: zerosLike(b),
    diff: infinite(b),
    step: noSteps(),
  };
  const goesOn = (now: Iteration): Tensor =>
    allOf(logicalNot(isBroken(now)), isOff(this, b, now), less(now.step, most));
  const turn = (now: Iteration): Iteration => {
    const rho = vdot(r0, now.r);
    const beta = mul(div(rho, now.rho), div(now.alpha, now.omega));
    const p = add(now.r, mul(beta, sub(now.p, mul(now.omega, now.v)))); // p ← r + β (p - ω v)
    const x = precondition(p);
    const v = a(x);
    const alpha = where(equal(rho, 0), 0, div(rho, vdot(r0, v))); //       0 if r is: y is exact
    const s = sub(now.r, mul(alpha, v)); //                                s = r - α v
    const z = precondition(s);
    const t = a(z);
    const tt = vdot(t, t);
    const omega = where(equal(tt, 0), 0, div(vdot(s, t), tt)); //          0 if s is: y is exact
    const diff = add(mul(alpha, x), mul(omega, z));
    const y = add(now.y, diff); //                                         y ← y + α M p + ω M s
    return { y, r: sub(s, mul(omega, t)), alpha, omega, rho, p, v, diff, step: add(now.step, 1) };
  };
  const end = whileLoop(goesOn, turn, start);
  const isExact = equal(vdot(end.r, end.r), 0);
  const isBreakdown = allOf(isBroken(end), isOff(this, b, end), logicalNot(isExact));
  return {
    value: end.y,
    result: where(isBreakdown, resultTensor("breakdown"), stepsResult(this, end.step, most)),
    stats: { numSteps: end.step },
  };
}

function isBroken({ omega, alpha, rho }: Iteration): Tensor {
  return logicalOr(logicalOr(equal(omega, 0), equal(alpha, 0)), equal(rho, 0));
}
