import {
  add,
  all,
  astype,
  equal,
  flip,
  less,
  logicalOr,
  maximum,
  neg,
  sub,
  tensor,
  where,
} from "@diffrax-ts/array";
import { assert, isTraced } from "@diffrax-ts/autodiff";
import { checkOptions, describeValue, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import {
  checkStepSizeController,
  type ControllerCheck,
  type ControllerStart,
  firstFailure,
  resultTensor,
  type StepCut,
  type StepDecision,
  type StepSizeController,
  type StepTried,
  type TracedResult,
  type Tree,
} from "@diffrax-ts/protocol";
import { after, clipTo, past } from "./clipTimes.ts";
import {
  afterStep,
  clipToRejected,
  laterThan,
  noRejectedTimes,
  type RejectedTimes,
} from "./RejectedTimes.ts";
import { sortedTimes } from "./sortedTimes.ts";

/** Times in any order, as an option. */
export type TimeList = readonly (number | Tensor)[] | Float64Array | Float32Array | Tensor;

/** Options of `ClipStepSizeController`. */
export interface ClipStepSizeControllerOptions {
  /** What chooses the steps: any adaptive controller, `PIDController` or another `ClipStepSizeController`. */
  readonly controller: StepSizeController;
  /** Times that steps end at exactly; `[n]`, in any order and in the units of `t`. It is copied. @defaultValue none */
  readonly stepTs?: TimeList | null;
  /**
   * Times at which the vector field jumps; `[n]`, in any order and in the units of `t`. A step ends at the floating-point number
   * before, and the next begins at the one after. It is copied. @defaultValue none
   */
  readonly jumpTs?: TimeList | null;
  /**
   * If given, the ends of rejected steps are stored, and later steps end there exactly: so many of them are rejected in a row at
   * most. For SDEs with noncommutative noise; 100 is plenty. @defaultValue null, which stores none
   */
  readonly storeRejectedSteps?: number | null;
}

/** What is carried from step to step: the state of the controller inside, and the ends of rejected steps. */
export interface ClipState {
  readonly [key: string]: Tree;
  readonly inner: Tree;
  readonly rejected: RejectedTimes | null;
}

/** Steps of another controller that end at given times. */
export interface ClipStepSizeController extends StepSizeController<ClipState> {
  readonly kind: "ClipStepSizeController";
  readonly controller: StepSizeController;
  /** Sorted; `null` if there are none. */
  readonly stepTs: Tensor | null;
  /** Sorted; `null` if there are none. */
  readonly jumpTs: Tensor | null;
  readonly storeRejectedSteps: number | null;
}

/**
 * Shortens the steps of another controller, so that they end at given times.
 *
 * - `jumpTs` where the vector field jumps. Otherwise an adaptive controller rejects many steps until it has found the jump. Steps
 *   end at the floating-point number before it and begin at the one after, so that it does not matter which side it belongs to, and
 *   what a solver keeps of the slope at the end of a step is made anew.
 * - `stepTs` where the solution has to be as accurate as at the end of a step, and not interpolated.
 * - `storeRejectedSteps` for SDEs with noncommutative noise: a step may have been rejected *because* of its noise, and to pass by
 *   its end would leave out that noise.
 *
 * Times outside of the solve are never met. Times that are traced, or tensors, can be changed without a new trace, and are
 * differentiated with respect to: a solution depends on when its equation jumps.
 *
 * @throws TypeError if `controller` is not adaptive, such as `ConstantStepSize`; for equal steps and given times there is
 * `StepTo`. RangeError if a time is not a number, or if `storeRejectedSteps` is no whole number above 0. The solve ends with
 * `maxStepsRejected` if more steps are rejected in a row than there is room for.
 * @see Foster & Jelinčič (2024), "On the convergence of adaptive approximations for stochastic differential equations",
 * arXiv:2311.14201, on rejected steps.
 *
 * @example
 * ```ts
 * import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
 * import type { StepSizeController } from "@diffrax-ts/protocol";
 * import { ClipStepSizeController, PIDController } from "@diffrax-ts/step-size-controllers";
 *
 * const controller = PIDController({ rtol: 1e-6, atol: 1e-9 });
 * const stepsWith = (stepsizeController: StepSizeController) =>
 *   diffeqsolve((t, y) => -y + (t < 1 ? 0 : 5), Tsit5(), {
 *     t0: 0, t1: 2, dt0: 0.1, y0: 1, stepsizeController,
 *   }).stats.numSteps;
 * stepsWith(ClipStepSizeController({ controller, jumpTs: [1] })) < stepsWith(controller);
 * // → true
 * ```
 */
export function ClipStepSizeController(
  options: ClipStepSizeControllerOptions,
): ClipStepSizeController {
  const {
    controller,
    stepTs,
    jumpTs,
    storeRejectedSteps = null,
  } = checkOptions("ClipStepSizeController", options, [
    "controller",
    "stepTs",
    "jumpTs",
    "storeRejectedSteps",
  ]);
  if (
    storeRejectedSteps !== null &&
    !(Number.isInteger(storeRejectedSteps) && storeRejectedSteps > 0)
  ) {
    throw new RangeError(
      "ClipStepSizeController: storeRejectedSteps must be a whole number above 0, or null to store none, " +
        `got ${describeValue(storeRejectedSteps)}`,
    );
  }
  return clip({
    controller: requireAdaptive(controller),
    stepTs: timesOf("stepTs", stepTs),
    jumpTs: timesOf("jumpTs", jumpTs),
    storeRejectedSteps,
  });
}

type Fields = Pick<
  ClipStepSizeController,
  "controller" | "stepTs" | "jumpTs" | "storeRejectedSteps"
>;

function clip(fields: Fields): ClipStepSizeController {
  const { controller, jumpTs } = fields;
  return part("ClipStepSizeController", {
    isAdaptive: true,
    isElementwise: controller.isElementwise === true,
    tolerances: controller.tolerances,
    mayJump: jumpTs !== null || controller.mayJump,
    ...fields,
    check,
    wrap,
    init,
    resume,
    afterCut,
    adaptStepSize,
  });
}

function requireAdaptive(given: unknown): StepSizeController {
  const controller = checkStepSizeController("ClipStepSizeController: controller", given);
  if (controller.isAdaptive) return controller;
  throw new TypeError(
    `ClipStepSizeController: controller must be adaptive, such as PIDController({ rtol, atol }), got ${controller.kind}; ` +
      "steps that need no error estimates end at given times with StepTo({ ts })",
  );
}

/** A list of times, sorted; `null` if there are none. */
function timesOf(name: "stepTs" | "jumpTs", given: TimeList | null | undefined): Tensor | null {
  if (given === undefined || given === null) return null;
  const list = `ClipStepSizeController: ${name}`;
  const ts = tensor(given as Tensor);
  if (ts.shape.length !== 1) {
    throw new RangeError(`${list}: expected a list of numbers, got shape [${ts.shape.join()}]`);
  }
  if (!ts.dtype.startsWith("float")) {
    throw new TypeError(`${list}: expected floating-point numbers, got ${ts.dtype}`);
  }
  if (ts.length === 0) return null;
  if (!isTraced(ts)) {
    const i = [...ts].findIndex((t) => Number.isNaN(t));
    if (i >= 0) throw new RangeError(`${list}[${i}] must be a number, got NaN`);
  }
  return sortedTimes(ts);
}

function check(this: ClipStepSizeController, options: ControllerCheck): void {
  this.controller.check(options);
}

function wrap(this: ClipStepSizeController, direction: Scalar | 1 | -1): ClipStepSizeController {
  if (direction === 1) return clip({ ...fieldsOf(this), controller: this.controller.wrap(1) });
  const turned = (ts: Tensor | null): Tensor | null => {
    if (ts === null) return null;
    const backward = neg(flip(ts));
    return direction === -1 ? backward : where(less(0, direction), ts, backward);
  };
  return clip({
    controller: this.controller.wrap(direction),
    stepTs: turned(this.stepTs),
    jumpTs: turned(this.jumpTs),
    storeRejectedSteps: this.storeRejectedSteps,
  });
}

function fieldsOf({ controller, stepTs, jumpTs, storeRejectedSteps }: Fields): Fields {
  return { controller, stepTs, jumpTs, storeRejectedSteps };
}

type Resumed = ReturnType<NonNullable<StepSizeController<ClipState>["afterCut"]>>;
type Started = ReturnType<StepSizeController<ClipState>["init"]>;

function init(this: ClipStepSizeController, start: ControllerStart): Started {
  const { dtype } = start.t0;
  for (const ts of [this.stepTs, this.jumpTs]) {
    if (ts !== null) {
      assert(
        all(equal(ts, ts)),
        "ClipStepSizeController: stepTs and jumpTs must be numbers, not NaN",
      );
    }
  }
  const { t1, controllerState: inner } = this.controller.init(start);
  const size = this.storeRejectedSteps;
  const rejected = size === null ? null : noRejectedTimes(size, dtype);
  return { t1: firstEnd(this, start, t1), controllerState: { inner, rejected } };
}

/** Where the first step ends. A jump at the very start has happened already. */
function firstEnd({ stepTs, jumpTs }: Fields, { t0 }: ControllerStart, t1: Scalar): Scalar {
  const { dtype } = t0;
  const stepEnd = stepTs === null ? t1 : clipTo(astype(stepTs, dtype), t0, t1, "on");
  return jumpTs === null ? stepEnd : clipTo(astype(jumpTs, dtype), t0, stepEnd, "before");
}

function resume(this: ClipStepSizeController, state: ClipState, start: ControllerStart): Started {
  const { controller } = this;
  const { t1, controllerState: inner } = controller.resume?.(state.inner, start) ?? {
    t1: controller.init(start).t1,
    controllerState: state.inner,
  };
  const end = firstEnd(this, start, t1);
  if (state.rejected === null) return { t1: end, controllerState: { inner, rejected: null } };
  const rejected = laterThan(state.rejected, start.t0);
  return { t1: clipToRejected(rejected, end), controllerState: { inner, rejected } };
}

/** The next step, as far as the times let it go. */
function clipped(
  { stepTs, jumpTs }: Fields,
  from: Scalar,
  to: Scalar,
): { readonly t0: Scalar; readonly t1: Scalar; readonly hasPassed: (() => Tensor) | null } {
  const { dtype } = from;
  let [t0, t1] = [from, to];
  if (stepTs !== null) {
    const ts = astype(stepTs, dtype);
    // With a controller round this one that has the same time as a jump, a step to it would follow that to the number before it.
    t1 = clipTo(ts, past(t0, ts).t, t1, "on");
  }
  if (jumpTs === null) return { t0, t1, hasPassed: null };
  const ts = astype(jumpTs, dtype);
  const behind = past(t0, ts);
  t0 = behind.t;
  // A step that began just before the jump may have had no length: it has one now, from which the next ones grow.
  const least = after(t0);
  t1 = clipTo(ts, t0, where(less(t1, least), least, t1) as Scalar, "before");
  return { t0, t1, hasPassed: behind.hasPassed };
}

function adaptStepSize(
  this: ClipStepSizeController,
  { controllerState, ...step }: StepTried<ClipState>,
): StepDecision<ClipState> {
  const { inner, rejected } = controllerState;
  const decision = this.controller.adaptStepSize({ ...step, controllerState: inner });
  const { result } = decision;
  const { t0, t1, hasPassed } = clipped(this, decision.t0, decision.t1);
  let { madeJump } = decision;
  if (hasPassed !== null)
    madeJump = madeJump === false ? hasPassed() : logicalOr(madeJump, hasPassed());
  if (rejected === null) {
    return {
      ...decision,
      t0,
      t1,
      madeJump,
      controllerState: { inner: decision.controllerState, rejected },
    };
  }
  const { keepStep } = decision;
  const now = afterStep(rejected, step.t1, keepStep);
  return {
    keepStep,
    t0,
    t1: clipToRejected(now, t1),
    madeJump,
    controllerState: { inner: decision.controllerState, rejected: now },
    result: firstFailure([result, ifFull(now)]),
  };
}

function afterCut(this: ClipStepSizeController, cut: StepCut<ClipState>): Resumed {
  const { controller } = this;
  const { decision, planned, controllerState: before } = cut;
  const inside = {
    ...cut,
    controllerState: before.inner,
    decision: { ...decision, controllerState: decision.controllerState.inner },
  };
  // The next step may have been shortened for a time that this one did not come to.
  const length = maximum(sub(decision.t1, decision.t0), sub(planned.t1, planned.t0));
  const own = controller.afterCut?.(inside) ?? {
    t0: cut.t,
    t1: add(cut.t, length) as Scalar,
    controllerState: inside.decision.controllerState,
  };
  const { t0, t1 } = clipped(this, own.t0, own.t1);
  if (before.rejected === null)
    return { t0, t1, controllerState: { inner: own.controllerState, rejected: null } };
  const rejected = laterThan(before.rejected, t0);
  return {
    t0,
    t1: clipToRejected(rejected, t1),
    controllerState: { inner: own.controllerState, rejected },
  };
}

function ifFull({ free }: RejectedTimes): TracedResult {
  return where(less(free, 0), resultTensor("maxStepsRejected"), resultTensor("successful"));
}
