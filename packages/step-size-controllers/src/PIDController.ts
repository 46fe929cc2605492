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
} from "@diffrax-ts/array";
import {
  checkOptions,
  describeValue,
  type DType,
  isTensor,
  part,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";
import {
  type ControllerCheck,
  type ControllerStart,
  type Norm,
  resultCode,
  rmsNorm,
  type StepDecision,
  type StepSizeController,
  type StepTried,
  type TracedResult,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import { selectInitialStep } from "./initialStep.ts";

/** A number, or a tensor with which it can be changed without a new trace. */
type Parameter = number | Scalar;

/** Options of `PIDController`. */
export interface PIDControllerOptions {
  /** Relative tolerance, dimensionless. */
  readonly rtol: Parameter;
  /** Absolute tolerance, in the units of `y`. */
  readonly atol: Parameter;
  /** The norm of the scaled error. @defaultValue rmsNorm */
  readonly norm?: Norm;
  /** Coefficient of the proportional part. @defaultValue 0 */
  readonly pcoeff?: Parameter;
  /** Coefficient of the integral part. @defaultValue 1 */
  readonly icoeff?: Parameter;
  /** Coefficient of the derivative part. @defaultValue 0 */
  readonly dcoeff?: Parameter;
  /** The smallest step, in the units of `t`. @defaultValue no limit */
  readonly dtmin?: Parameter | null;
  /** The largest step, in the units of `t`. @defaultValue no limit */
  readonly dtmax?: Parameter | null;
  /** At `dtmin` go on with steps of that length, instead of ending the solve with `dtMinReached`. @defaultValue true */
  readonly forceDtmin?: boolean;
  /** A step is at least this multiple of the one before. @defaultValue 0.2 */
  readonly factormin?: Parameter;
  /** A step is at most this multiple of the one before. @defaultValue 10 */
  readonly factormax?: Parameter;
  /** Fraction of the predicted step that is taken. @defaultValue 0.9 */
  readonly safety?: Parameter;
  /** The order of the local error. @defaultValue what the solver says */
  readonly errorOrder?: number | null;
}

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
export interface PIDController extends StepSizeController<PIDControllerState> {
  readonly kind: "PIDController";
  readonly rtol: Parameter;
  readonly atol: Parameter;
  readonly norm: Norm;
  readonly pcoeff: Parameter;
  readonly icoeff: Parameter;
  readonly dcoeff: Parameter;
  readonly dtmin: Parameter | null;
  readonly dtmax: Parameter | null;
  readonly forceDtmin: boolean;
  readonly factormin: Parameter;
  readonly factormax: Parameter;
  readonly safety: Parameter;
  readonly errorOrder: number | null;
}

const optionNames = [
  "rtol",
  "atol",
  "norm",
  "pcoeff",
  "icoeff",
  "dcoeff",
  "dtmin",
  "dtmax",
  "forceDtmin",
  "factormin",
  "factormax",
  "safety",
  "errorOrder",
] as const;

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
 * @throws RangeError if a tolerance is negative or not a number, or if an option makes no sense; TypeError if one is unknown.
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
  checkOptions("PIDController", options, optionNames);
  const {
    rtol,
    atol,
    norm = rmsNorm,
    pcoeff = 0,
    icoeff = 1,
    dcoeff = 0,
    dtmin = null,
    dtmax = null,
    forceDtmin = true,
    factormin = 0.2,
    factormax = 10,
    safety = 0.9,
    errorOrder = null,
  } = options;
  const known = {
    rtol,
    atol,
    norm,
    pcoeff,
    icoeff,
    dcoeff,
    dtmin,
    dtmax,
    forceDtmin,
    factormin,
    factormax,
    safety,
    errorOrder,
  };
  const require = (
    name: keyof typeof known,
    words: string,
    isRight: (x: number) => boolean,
  ): void => {
    const x = known[name];
    if (typeof x === "number" ? isRight(x) : isTensor(x) && x.shape.length === 0) return;
    throw new RangeError(`PIDController: ${name} must be ${words}, got ${describeValue(x)}`);
  };
  for (const name of ["rtol", "atol"] as const)
    require(name, ">= 0", (x) => x >= 0 && x < Infinity);
  for (const name of ["pcoeff", "icoeff", "dcoeff"] as const)
    require(name, "a finite number", Number.isFinite);
  for (const name of ["safety", "factormax"] as const) require(name, "> 0", (x) => x > 0);
  for (const name of ["dtmin", "dtmax", "errorOrder"] as const)
    if (known[name] !== null) require(name, "> 0, or null", (x) => x > 0);
  require("factormin", "between 0 and 1", (x) => x > 0 && x <= 1);
  if (typeof dtmin === "number" && typeof dtmax === "number" && dtmin > dtmax) {
    throw new RangeError(
      `PIDController: dtmin must not be above dtmax, got dtmin = ${dtmin} and dtmax = ${dtmax}`,
    );
  }
  if (typeof norm !== "function") {
    throw new TypeError(
      `PIDController: norm must be a function such as rmsNorm, got ${describeValue(norm)}`,
    );
  }
  if (typeof forceDtmin !== "boolean") {
    throw new TypeError(
      `PIDController: forceDtmin must be true or false, got ${describeValue(forceDtmin)}`,
    );
  }
  if (rtol === 0 && atol === 0)
    throw new RangeError("PIDController: rtol and atol are both 0: no step is that accurate");
  return part("PIDController", {
    isAdaptive: true,
    ...known,
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
  const others = Object.entries(controller).filter(([, x]) => isTensor(x) && x.dtype !== dtype);
  if (others.length === 0) return controller;
  const converted = others.map(([name, x]) => [name, astype(x as Tensor, dtype)] as const);
  return { ...controller, ...Object.fromEntries(converted) };
}

function requireOrder(this: PIDController, errorOrder: number | null): number {
  const order = this.errorOrder ?? errorOrder;
  if (order !== null) return order;
  throw new TypeError(
    "PIDController: the solver does not say of which order its error is; pass errorOrder " +
      "(for an ODE the order plus one, for an SDE the order plus one half)",
  );
}

/** Which of the steps before have a share in the next. */
function exponents(
  { pcoeff, icoeff, dcoeff }: PIDController,
  order: number,
): readonly (Tensor | number)[] {
  const plus = (a: Parameter, b: Parameter): Parameter =>
    typeof a === "number" && typeof b === "number" ? a + b : (add(a, b) as Scalar);
  const times = (a: Parameter, b: number): Parameter =>
    typeof a === "number" ? a * b : (mul(a, b) as Scalar);
  const over = (a: Parameter): Parameter =>
    typeof a === "number" ? a / order : (div(a, order) as Scalar);
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
  const { rtol, atol, norm } = this;
  let dt0 =
    start.dt0 ??
    stopGradient(selectInitialStep({ func, t0, y0, errorOrder: order, rtol, atol, norm }));
  if (this.dtmax !== null) dt0 = minimum(dt0, this.dtmax) as Scalar;
  if (this.dtmin !== null) dt0 = maximum(dt0, this.dtmin) as Scalar;
  const [, second, third] = exponents(this, order);
  const zero = tensor(0, { dtype: treeLeaves(y0)[0]?.dtype ?? "float64" });
  const controllerState = {
    last: second === 0 && third === 0 ? null : zero,
    beforeLast: third === 0 ? null : zero,
    atDtmin: this.dtmin === null ? null : tensor(0, { dtype: "bool" }),
  };
  return { t1: add(t0, dt0) as Scalar, controllerState };
}

function adaptStepSize(
  this: PIDController,
  step: StepTried<PIDControllerState>,
): StepDecision<PIDControllerState> {
  const { t0, t1, y0, y1Candidate, yError, controllerState } = step;
  const converted = inDType(this, t0.dtype);
  if (converted !== this) return converted.adaptStepSize(step);
  if (yError === null && treeLeaves(y0).length > 0) {
    throw new TypeError(
      "diffeqsolve: the solver makes no error estimates, so its steps cannot be adapted; " +
        "use another solver, HalfSolver(solver), or constant steps",
    );
  }
  const order = requireOrder.call(this, step.errorOrder);
  const last = controllerState.last as Scalar | null;
  const beforeLast = controllerState.beforeLast as Scalar | null;
  const atDtmin = controllerState.atDtmin as Scalar | null;

  const norm = this.norm(treeMap((a, b, e) => scale(this, a, b, e), y0, y1Candidate, yError));
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
  const sum = terms
    .flatMap(([c, x]) => (c === 0 || x === null ? [] : [mul(x, c)]))
    .reduce((a, b) => add(a, b));
  const one = tensor(1, { dtype: sum.dtype });
  const least = where(keepStep, one, mul(one, this.factormin));
  const most = where(keepStep, mul(one, this.factormax), mul(one, this.safety)); // a rejected step has to shrink
  const factor = stopGradient(minimum(maximum(mul(exp(sum), this.safety), least), most));
  let dt = mul(sub(t1, t0), factor) as Scalar;

  let result: TracedResult = null;
  let nowAtDtmin: Tree = null;
  if (this.dtmax !== null) dt = minimum(dt, this.dtmax) as Scalar;
  if (this.dtmin !== null) {
    if (!this.forceDtmin) {
      const [failed, fine] = [resultCode("dtMinReached"), resultCode("successful")].map((x) =>
        tensor(x, { dtype: "int32" }),
      );
      result = where(less(dt, this.dtmin), failed!, fine!);
    }
    // At the least step and not growing: no roundings may add up.
    const stays = logicalAnd(atDtmin!, equal(factor, 1));
    dt = where(stays, this.dtmin, dt) as Scalar;
    nowAtDtmin = lessEqual(dt, this.dtmin);
    dt = maximum(dt, this.dtmin) as Scalar;
  }

  // After an error of zero, or one without bounds, the next steps should not be drawn after it.
  const finite = where(isFinite(logInverse), logInverse, 0);
  const nextT0 = where(keepStep, t1, t0) as Scalar;
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

/** The error of one leaf against its tolerance. */
function scale({ rtol, atol }: PIDController, y0: Tensor, y1: Tensor, error: Tensor): Tensor {
  return div(error, add(mul(maximum(abs(y0), abs(y1)), rtol), atol));
}
