// What iterative solvers have in common.
import {
  abs,
  add,
  div,
  equal,
  greater,
  logicalAnd,
  logicalOr,
  max,
  mul,
  sqrt,
  vdot,
  where,
  zeros,
} from "@diffrax-ts/array";
import { scalarTensor } from "@diffrax-ts/program";
import { checkOptions, describeValue, ownCopy, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { inSpace, mvFlat, outSpace } from "./flat.ts";
import type { LinearOperator } from "./LinearOperator.ts";
import type { LinearSolver, LinearSolverInputs } from "./LinearSolver.ts";
import { resultTensor } from "./results.ts";
import { describeSpace, sameSpace } from "./vectors.ts";

/** Options of every iterative solver. */
export interface IterationTolerances {
  /** Relative tolerance, in the space of the solution and in that of the vector. */
  readonly rtol: number;
  /** Absolute tolerance, in both. */
  readonly atol: number;
  /** How large a vector is. @defaultValue its largest element */
  readonly norm?: (x: Tensor) => Tensor;
  /** No more steps than this; the result is then `maxStepsReached`. @defaultValue ten for each unknown, after which the result is `singular` */
  readonly maxSteps?: number | null;
}

/** The same, all of them given. */
export type Tolerances = Required<IterationTolerances>;

/**
 * All options of an iterative solver, each read once: tolerances checked and with their defaults, others as they were given.
 *
 * @param others - Names of options that the solver has beside the tolerances.
 * @throws TypeError or RangeError for one that is none.
 */
export function iterationOptions<Options extends IterationTolerances>(
  name: string,
  options: Options,
  others: readonly (keyof Options & string)[] = [],
  defaultNorm: Tolerances["norm"] = maxNorm,
): Options & Tolerances {
  const read = checkOptions(name, options, ["rtol", "atol", "norm", "maxSteps", ...others]);
  const { rtol, atol, norm = defaultNorm, maxSteps = null } = read;
  for (const [key, value] of Object.entries({ rtol, atol })) {
    if (typeof value === "number" && value >= 0) continue;
    throw new RangeError(`${name}: ${key} must be >= 0, got ${describeValue(value)}`);
  }
  checkCount(name, "maxSteps", maxSteps);
  if (rtol === 0 && atol === 0 && maxSteps === null)
    throw new RangeError(`${name}: rtol and atol are 0; give one of them, or maxSteps`);
  return ownCopy({ ...read, rtol, atol, norm, maxSteps });
}

/** @throws RangeError if it is no whole number above 0; `null` is allowed. */
export function checkCount(name: string, key: string, value: number | null): void {
  if (value === null || (Number.isInteger(value) && value > 0)) return;
  throw new RangeError(`${name}: ${key} must be a whole number > 0, got ${describeValue(value)}`);
}

/** The largest absolute value of an element. */
function maxNorm(x: Tensor): Scalar {
  return max(abs(x));
}

/** The root of the sum of squares. */
export function twoNorm(x: Tensor): Scalar {
  return sqrt(vdot(x, x));
}

/** Whether there are tolerances to meet, or only steps to take. */
export function hasTolerances({ rtol, atol }: Tolerances): boolean {
  return rtol !== 0 || atol !== 0;
}

/** Whether a step has not been good enough, in the space of the vector (`r`, beside `b`) or in that of the solution (`diff`, beside `y`). */
export function isOff(
  tolerances: Tolerances,
  b: Tensor,
  { r, diff, y }: { readonly r: Tensor; readonly diff: Tensor; readonly y: Tensor },
): Tensor {
  const { rtol, atol, norm } = tolerances;
  if (!hasTolerances(tolerances)) return scalarTensor("bool", 1);
  const exceeds = (error: Tensor, value: Tensor): Tensor => {
    const allowed = add(atol, mul(rtol, abs(value)));
    // Without an absolute tolerance nothing is allowed beside a zero: no error is within that, and 0 / 0 would not say so.
    return greater(norm(where(equal(error, 0), 0, div(error, allowed))), 1);
  };
  return logicalOr(exceeds(r, b), exceeds(diff, y));
}

/** How an iteration that stopped after some steps ended, but for what else went wrong. */
export function stepsResult(tolerances: Tolerances, steps: Tensor, most: number): Tensor {
  const { maxSteps } = tolerances;
  if (maxSteps !== null && !hasTolerances(tolerances)) return resultTensor("successful");
  const out = maxSteps === null ? "singular" : "maxStepsReached";
  return where(equal(steps, most), resultTensor(out), resultTensor("successful"));
}

/** How many steps may be taken for `n` unknowns. */
export function stepLimit({ maxSteps }: Tolerances, n: number): number {
  return maxSteps ?? 10 * n;
}

/** Where to start, and the preconditioner as a function of vectors. */
export interface IterationStart {
  readonly y0: Tensor;
  readonly precondition: (x: Tensor) => Tensor;
}

/** @throws TypeError if the preconditioner is not from the space of the solution to itself. */
export function startOf(
  name: string,
  operator: LinearOperator,
  { preconditioner, y0 }: LinearSolverInputs,
): IterationStart {
  const space = inSpace(operator);
  const start = y0 ?? zeros(space.size, { dtype: space.dtype });
  if (preconditioner === undefined) return { y0: start, precondition: (x) => x };
  for (const other of [inSpace(preconditioner), outSpace(preconditioner)]) {
    if (sameSpace(other, space)) continue;
    throw new TypeError(
      `${name}: the preconditioner has to take and give ${describeSpace(space)} as the operator does, got ${describeSpace(other)}`,
    );
  }
  return { y0: start, precondition: (x) => mvFlat(preconditioner, x) };
}

/** @throws TypeError if an operator does not give what it takes. */
export function requireEndomorphism(name: string, operator: LinearOperator): void {
  const [takes, gives] = [inSpace(operator), outSpace(operator)];
  if (sameSpace(takes, gives)) return;
  throw new TypeError(
    `${name}: the operator must be square, from a space to itself; this one (${operator.kind}) takes ${describeSpace(takes)} and gives ${describeSpace(gives)}; for least squares use LSMR or Normal`,
  );
}

/** What iterations know of an operator: the operator. */
export interface OperatorState {
  readonly operator: LinearOperator;
}

/** `init` of iterations for square operators. */
export function endomorphismState(this: LinearSolver, operator: LinearOperator): OperatorState {
  requireEndomorphism(this.kind, operator);
  return { operator };
}

/** `transpose` of iterations. */
export function transposedState({ operator }: OperatorState): OperatorState {
  return { operator: operator.transpose() };
}

/** `isIterative` of iterations. */
export function isIterative(): boolean {
  return true;
}

/** Infinities like a vector: how far off an iteration is before its first step. */
export function infinite(like: Tensor): Tensor {
  return add(zeros(like.shape, { dtype: like.dtype }), Infinity);
}

/** Zero steps. */
export function noSteps(): Tensor {
  return scalarTensor("int32", 0);
}

/** All of several truth values. */
export function allOf(...truths: readonly Tensor[]): Tensor {
  return truths.reduce((a, b) => logicalAnd(a, b));
}
