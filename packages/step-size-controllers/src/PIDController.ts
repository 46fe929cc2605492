import {
  abs,
  add,
  astype,
  div,
  equal,
  exp,
  isFinite,
  isNaN,
  less,
  lessEqual,
  log,
  logicalAnd,
  logicalOr,
  maximum,
  minimum,
  mul,
  neg,
  stopGradient,
  sub,
  tensor,
  where,
  zerosLike,
} from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import {
  describeValue,
  type DType,
  isTensor,
  map,
  part,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";
import {
  type ControllerCheck,
  type ControllerStart,
  maxNorm,
  type Norm,
  normOfTree,
  resultTensor,
  type StepDecision,
  type StepSizeController,
  type StepTried,
  type Tolerances,
  type TracedResult,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import { selectInitialStep } from "./initialStep.ts";
import {
  completeOptions,
  type CompleteOptions,
  type Parameter,
  type PIDControllerOptions,
} from "./PIDControllerOptions.ts";

/**
 * What is remembered of the steps before: logarithms of `1 / (scaled error)`, as far as the coefficients need them,
 * and whether the step is as small as it may be.
 */
export interface PIDControllerState {
  readonly [key: string]: Tree;
  readonly last: Tree;
  readonly beforeLast: Tree;
  readonly atDtmin: Tree;
}

/** Adapts the steps to keep the error within tolerances. */
export interface PIDController
  extends
    StepSizeController<PIDControllerState>,
    Readonly<Omit<CompleteOptions, keyof Tolerances>> {
  readonly kind: "PIDController";
  readonly tolerances: Tolerances;
}

/**
 * Adapts the step so that the local error stays at `atol + rtol · |y|`.
 *
 * With `icoeff = 1` and the rest zero it is the classical I-controller, for smooth problems. For mildly stiff ones
 * try `pcoeff = 0.4, icoeff = 0.3`; for SDEs `pcoeff = 0.1, icoeff = 0.3`.
 *
 * ```text
 * δₙ = 1 / ‖error / (atol + rtol · max(|y₀|, |y₁|))‖,  k = order of the local error
 * dtₙ₊₁ = dtₙ · safety · δₙ^((p + i + d) / k) · δₙ₋₁^(-(p + 2 d) / k) · δₙ₋₂^(d / k)
 * ```
 *
 * The first step is `dt0`, or with `dt0: null` that of `selectInitialStep`. A step is kept if the norm is below 1; `yError` that
 * is not a number counts as infinite. Needs a solver with error estimates. Tolerances that are tensors can be changed without
 * a new trace. The choice of a step carries no derivative.
 *
 * @throws RangeError if a tolerance is negative or not a number, or if another option is a number that makes no sense; TypeError if
 * one is no number where one is wanted, or unknown.
 * @see Söderlind (2002), Numer. Algorithms 31, 281–310, doi:10.1023/A:1021160023092
 *
 * @example
 * ```ts
 * import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
 * import { PIDController } from "@diffrax-ts/step-size-controllers";
 *
 * const { ys } = diffeqsolve((t, y) => -y, Tsit5(), {
 *   t0: 0, t1: 1, dt0: null, y0: 1, stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-9 }),
 * });
 * ys.at(0).item() - Math.exp(-1);
 * // → 0.00000…
 * ```
 */
export function PIDController(options: PIDControllerOptions): PIDController {
  const { rtol, atol, norm, ...rest } = completeOptions(options);
  return part("PIDController", {
    isAdaptive: true,
    isElementwise: true,
    mayJump: false,
    tolerances: { rtol, atol, norm } as Tolerances, // of rank 0, which was checked
    ...rest,
    check,
    wrap,
    init,
    adaptStepSize,
  });
}

function check(_options: ControllerCheck): void {
  // Any first step will do, and none too.
}

function wrap(this: PIDController): PIDController {
  return this;
}

/** The controller with its tensors in the dtype of a solve. */
function inDType(controller: PIDController, dtype: DType): PIDController {
  const isOther = (x: unknown): x is Tensor => isTensor(x) && x.dtype !== dtype;
  const { rtol, atol } = controller.tolerances;
  if (![rtol, atol, ...Object.values(controller)].some(isOther)) return controller;
  return map((x) => (isOther(x) ? astype(x, dtype) : x), controller);
}

function requireOrder(this: PIDController, ofSolver: number | null): number {
  const order = this.errorOrder ?? ofSolver;
  if (typeof order === "number" && order > 0 && order < Infinity) return order;
  throw new TypeError(
    order === null
      ? "PIDController: the solver does not say of which order its error is; pass errorOrder " +
          "(for an ODE the order plus one, for an SDE the order plus one half)"
      : `PIDController: the order of its error must be a finite number above 0, or null, and the solver says ${describeValue(order)}`,
  );
}

/** Which of the steps before have a share in the next. */
function exponents(
  { pcoeff, icoeff, dcoeff }: PIDController,
  order: number,
): readonly (Tensor | number)[] {
  const plus = (a: Parameter, b: Parameter): Parameter =>
    typeof a === "number" && typeof b === "number" ? a + b : add(a, b);
  const times = (a: Parameter, b: number): Parameter => (typeof a === "number" ? a * b : mul(a, b));
  const over = (a: Parameter): Parameter => (typeof a === "number" ? a / order : div(a, order));
  return [
    over(plus(plus(icoeff, pcoeff), dcoeff)),
    over(times(plus(pcoeff, times(dcoeff, 2)), -1)),
    over(dcoeff),
  ];
}

function init(
  this: PIDController,
  start: ControllerStart,
): { t1: Scalar; controllerState: PIDControllerState } {
  const { t0, y0, func } = start;
  const converted = inDType(this, t0.dtype);
  if (converted !== this) return converted.init(start);
  const order = requireOrder.call(this, start.errorOrder);
  const { tolerances } = this;
  let dt0 =
    start.dt0 ??
    stopGradient(
      selectInitialStep({
        func,
        t0,
        y0,
        errorOrder: order,
        ...tolerances,
        norm: (tree) => normOf(tolerances.norm, tree, t0.dtype),
      }),
    );
  if (this.dtmax !== null) dt0 = minimum(dt0, this.dtmax) as Scalar;
  if (this.dtmin !== null) dt0 = maximum(dt0, this.dtmin) as Scalar;
  const [, second, third] = exponents(this, order);
  const zero = tensor(0, { dtype: treeLeaves(y0)[0]?.dtype ?? "float64" });
  const controllerState = {
    last: second === 0 && third === 0 ? null : zero,
    beforeLast: third === 0 ? null : zero,
    atDtmin: this.dtmin === null ? null : tensor(0, { dtype: "bool" }),
  };
  return { t1: add(t0, dt0), controllerState };
}

function adaptStepSize(
  this: PIDController,
  step: StepTried<PIDControllerState>,
): StepDecision<PIDControllerState> {
  const { t0, t1, y0, y1Candidate, yError, controllerState } = step;
  const converted = inDType(this, t0.dtype);
  if (converted !== this) return converted.adaptStepSize(step);
  const order = requireOrder.call(this, step.errorOrder);
  const last = controllerState.last as Scalar | null;
  const beforeLast = controllerState.beforeLast as Scalar | null;
  const atDtmin = controllerState.atDtmin as Scalar | null;

  const { tolerances } = this;
  const scaledError = treeMap((a, b, e) => scale(tolerances, a, b, e), y0, y1Candidate, yError);
  const norm = normOf(tolerances.norm, scaledError, t0.dtype);
  // A step too long can lead to where the vector field is not a number: the next has to be shorter.
  const scaled = where(isNaN(norm), Infinity, norm); //  1 / δ
  const isSmall = less(scaled, 1);
  const keepStep = atDtmin === null ? isSmall : logicalOr(isSmall, atDtmin);

  // In logarithms, so that one exponential takes the place of three powers.
  const logInverse = stopGradient(neg(log(scaled)));
  const [c1, c2, c3] = exponents(this, order);
  const terms = [
    [c1!, logInverse],
    [c2!, last],
    [c3!, beforeLast],
  ] as const;
  const shares = terms.flatMap(([c, x]) => (c === 0 || x === null ? [] : [share(c, x)]));
  // Without a share of any error a step that is kept is followed by one as long.
  const sum = shares.length === 0 ? zerosLike(scaled) : shares.reduce((a, b) => add(a, b));
  const one = tensor(1, { dtype: sum.dtype });
  const least = where(keepStep, one, mul(one, this.factormin));
  const most = where(keepStep, mul(one, this.factormax), mul(one, this.safety)); // a rejected step has to shrink
  const factor = stopGradient(minimum(maximum(mul(exp(sum), this.safety), least), most));
  let dt = mul(sub(t1, t0), factor);

  let result: TracedResult = null;
  let nowAtDtmin: Tree = null;
  if (this.dtmax !== null) dt = minimum(dt, this.dtmax);
  if (this.dtmin !== null) {
    result = this.forceDtmin
      ? lostAfter(logicalAnd(keepStep, isNaN(norm)), y1Candidate)
      : where(less(dt, this.dtmin), resultTensor("dtMinReached"), resultTensor("successful"));
    // At the least step and not growing: no roundings may add up.
    const stays = logicalAnd(atDtmin!, equal(factor, 1));
    dt = where(stays, this.dtmin, dt);
    nowAtDtmin = lessEqual(dt, this.dtmin);
    dt = maximum(dt, this.dtmin);
  }

  // After an error of zero, or one without bounds, the next steps should not be drawn after it.
  const finite = where(isFinite(logInverse), logInverse, 0);
  const nextT0 = where(keepStep, t1, t0);
  return {
    keepStep,
    t0: nextT0,
    t1: add(nextT0, dt) as Scalar,
    madeJump: false,
    controllerState: {
      last: last === null ? null : where(keepStep, finite, last),
      beforeLast: beforeLast === null ? null : where(keepStep, last!, beforeLast),
      atDtmin: nowAtDtmin,
    },
    result,
  };
}

/** A logarithm times a coefficient: nothing of it, where the coefficient is known to be zero only as the solve runs, and it is infinite. */
function share(c: Tensor | number, x: Tensor): Tensor {
  return typeof c === "number" ? mul(x, c) : where(equal(c, 0), 0, mul(x, c));
}

/** A failure where a step had to be kept that leads to what is not finite: so would every step after it, to the end of time. */
function lostAfter(isSuspect: Tensor, candidate: Tree): Tensor {
  return cond(
    isSuspect,
    () =>
      where(isFinite(maxNorm(candidate)), resultTensor("successful"), resultTensor("nonfinite")),
    () => resultTensor("successful"),
  );
}

/** The norm in the dtype of a solve, which that of a tree without leaves does not know. @throws TypeError if it is no number. */
function normOf(norm: Norm, tree: Tree, dtype: DType): Scalar {
  const x: unknown = normOfTree(norm, tree);
  if (isTensor(x) && x.shape.length === 0 && x.dtype.startsWith("float"))
    return astype(x, dtype) as Scalar;
  if (typeof x === "number") return tensor(x, { dtype });
  throw new TypeError(
    `PIDController: norm must make one number of a tree, as rmsNorm does; it returned ${describeValue(x)}`,
  );
}

/** The error of one leaf against its tolerance. */
function scale({ rtol, atol }: Tolerances, y0: Tensor, y1: Tensor, error: Tensor): Tensor {
  return div(error, add(mul(maximum(abs(y0), abs(y1)), rtol), atol));
}
