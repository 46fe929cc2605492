import {
  all,
  astype,
  equal,
  less,
  logicalAnd,
  minimum,
  mul,
  searchsorted,
  slice,
  tensor,
} from "@diffrax-ts/array";
import { assert, isTraced } from "@diffrax-ts/autodiff";
import { checkOptions, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import type {
  ControllerCheck,
  ControllerStart,
  StepCut,
  StepDecision,
  StepSizeController,
  StepTried,
} from "@diffrax-ts/protocol";

/** Options of `StepTo`. */
export interface StepToOptions {
  /** The times at which steps begin and end, from `t0` to `t1`; `[n]`, strictly increasing, or decreasing if `t1 < t0`. It is copied. */
  readonly ts: readonly number[] | Float64Array | Float32Array | Tensor;
}

/** Steps from one given time to the next. */
export interface StepTo extends StepSizeController<null> {
  readonly kind: "StepTo";
  readonly ts: Tensor;
}

/**
 * Steps from one given time to the next: to repeat the steps of another solve, or to let steps end where the vector field jumps.
 * `dt0` has to be `null`, and the first and the last time are `t0` and `t1`.
 *
 * @throws RangeError if there are fewer than two times, or if they are not strictly increasing or decreasing. The solve throws
 * TypeError if `dt0` is a number, and RangeError if the times do not lead from `t0` to `t1`.
 *
 * @example
 * ```ts
 * import { diffeqsolve, Heun } from "@diffrax-ts/core";
 * import { StepTo } from "@diffrax-ts/step-size-controllers";
 *
 * const { ts } = diffeqsolve((t, y) => -y, Heun(), {
 *   t0: 0, t1: 1, dt0: null, y0: 1, saveat: { steps: true }, stepsizeController: StepTo({ ts: [0, 0.25, 1] }),
 * });
 * ts.toArray();
 * // → [0.25, 1]
 * ```
 */
export function StepTo(options: StepToOptions): StepTo {
  const { ts } = checkOptions("StepTo", options, ["ts"]);
  const times = tensor(ts);
  if (times.shape.length !== 1) {
    throw new RangeError(
      `StepTo: ts: expected a list of numbers, got shape [${times.shape.join()}]`,
    );
  }
  if (times.size < 2)
    throw new RangeError(`StepTo: ts: expected at least two times, got ${times.size}`);
  if (isTraced(times)) return stepTo(times);
  requireMonotone([...times]);
  // A copy: what the caller does to the array later is not seen.
  return stepTo(tensor(times.toArray(), { dtype: times.dtype }));
}

function stepTo(ts: Tensor): StepTo {
  return part("StepTo", {
    isAdaptive: false,
    isElementwise: true,
    tolerances: null,
    mayJump: false,
    ts,
    check,
    wrap,
    init,
    afterCut,
    adaptStepSize,
  });
}

function requireMonotone(ts: readonly number[]): void {
  const direction = ts[1]! > ts[0]! ? 1 : -1;
  for (let i = 1; i < ts.length; i++) {
    if (!(direction * (ts[i]! - ts[i - 1]!) > 0)) {
      throw new RangeError(
        `StepTo: ts: expected strictly increasing times (or strictly decreasing, if t1 < t0), got ${ts[i - 1]} and then ${ts[i]}`,
      );
    }
  }
}

function check(this: StepTo, { t0, t1, dt0, dtype = "float64" }: ControllerCheck): void {
  if (dt0 !== "auto") {
    throw new TypeError(
      "diffeqsolve: dt0 must be null with StepTo, which already says where every step ends",
    );
  }
  if (t0 === null || t1 === null || isTraced(this.ts)) return;
  const ts = astype(this.ts, dtype);
  const [first, last] = [ts.at(0).item(), ts.at(-1).item()];
  if (first !== t0 || last !== t1) {
    throw new RangeError(
      `StepTo: ts: expected to begin at t0 = ${t0} and to end at t1 = ${t1}, got ${first} and ${last}`,
    );
  }
}

function wrap(this: StepTo, direction: Scalar | 1 | -1): StepTo {
  return direction === 1 ? this : stepTo(mul(this.ts, astype(direction, this.ts.dtype)));
}

function init(this: StepTo, { t0, t1 }: ControllerStart): { t1: Scalar; controllerState: null } {
  const ts = astype(this.ts, t0.dtype);
  // Some of these times may be known only now.
  const spans = logicalAnd(equal(ts.at(0), t0), equal(ts.at(-1), t1));
  const isIncreasing = all(less(slice(ts, [0, -1]), slice(ts, [1])));
  assert(
    logicalAnd(spans, isIncreasing),
    "StepTo: ts: expected to lead from t0 to t1, strictly increasing (or decreasing, if t1 < t0)",
  );
  return { t1: ts.at(1) as Scalar, controllerState: null };
}

/** The next of the times. */
function endAfter({ ts }: StepTo, t: Scalar): Scalar {
  const times = astype(ts, t.dtype);
  return times.at(minimum(searchsorted(times, t, { side: "right" }), times.length - 1)) as Scalar;
}

function afterCut(this: StepTo, { t }: StepCut<null>): Resumed {
  return { t0: t, t1: endAfter(this, t), controllerState: null };
}

type Resumed = ReturnType<NonNullable<StepSizeController<null>["afterCut"]>>;

function adaptStepSize(this: StepTo, { t1 }: StepTried<null>): StepDecision<null> {
  return {
    keepStep: true,
    t0: t1,
    t1: endAfter(this, t1),
    madeJump: false,
    controllerState: null,
    result: null,
  };
}
