import { add, less, mul } from "@diffrax-ts/array";
import type { EventInfo, Norm, Tree } from "@diffrax-ts/protocol";
import {
  checkOptions,
  describeValue,
  isTensor,
  part,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";
import type { Condition } from "./conditions.ts";

/** Options of `steadyStateEvent`. */
export interface SteadyStateEventOptions {
  /** Relative tolerance, dimensionless. @defaultValue that of the step size controller */
  readonly rtol?: number | Tensor | null;
  /** Absolute tolerance, in the units of `y` by those of `t`. @defaultValue that of the step size controller */
  readonly atol?: number | Tensor | null;
  /** @defaultValue that of the step size controller */
  readonly norm?: Norm | null;
}

/** Whether a solution rests. */
export interface SteadyStateCondition extends Condition {
  readonly kind: "steadyStateEvent";
  readonly rtol: number | Tensor | null;
  readonly atol: number | Tensor | null;
  readonly norm: Norm | null;
}

/**
 * A condition for `Event` that ends a solve when the solution comes to rest: at the end of the first step where
 * `‖f(t, y, args)‖ < atol + rtol ‖y‖`, with `f` the vector field. It costs one evaluation of it in each step.
 *
 * @throws RangeError for a tolerance below 0; TypeError by the solve, if a tolerance is left out and the step size controller has none.
 *
 * @example
 * ```ts
 * import { diffeqsolve, PIDController, Tsit5 } from "@diffrax-ts/core";
 * import { Event, steadyStateEvent } from "@diffrax-ts/events";
 *
 * const { ys, result } = diffeqsolve((t, y) => 4 - y * y, Tsit5(), {
 *   t0: 0, t1: Infinity, dt0: null, y0: 1,
 *   stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-8 }),
 *   event: Event({ condFn: steadyStateEvent() }),
 * });
 * result;
 * // → "eventOccurred"
 * Math.abs(ys.at(0).item() - 2) < 1e-5;
 * // → true
 * ```
 */
export function steadyStateEvent(options: SteadyStateEventOptions = {}): SteadyStateCondition {
  const {
    rtol = null,
    atol = null,
    norm = null,
  } = checkOptions("steadyStateEvent", options, ["rtol", "atol", "norm"]);
  for (const [name, value] of Object.entries({ rtol, atol })) {
    const isRight =
      value === null ||
      (typeof value === "number" ? value >= 0 : isTensor(value) && value.shape.length === 0);
    if (!isRight) {
      throw new RangeError(
        `steadyStateEvent: ${name} must be >= 0, or null for that of the step size controller, got ${describeValue(value)}`,
      );
    }
  }
  if (norm !== null && typeof norm !== "function") {
    throw new TypeError(
      `steadyStateEvent: norm must be a function such as rmsNorm, or null for that of the step size controller, got ${describeValue(norm)}`,
    );
  }
  return part("steadyStateEvent", { rtol, atol, norm, condition });
}

function condition(
  this: SteadyStateCondition,
  t: Scalar,
  y: Tree,
  args: unknown,
  { terms, solver, stepsizeController: { kind, tolerances } }: EventInfo,
): Tensor {
  const rtol = this.rtol ?? tolerances?.rtol;
  const atol = this.atol ?? tolerances?.atol;
  const norm = this.norm ?? tolerances?.norm;
  if (rtol === undefined || atol === undefined || norm === undefined) {
    throw new TypeError(
      `steadyStateEvent: rtol, atol and norm are by default those of the step size controller, and ${kind} has none; ` +
        "write steadyStateEvent({ rtol: …, atol: …, norm: rmsNorm }), or adapt the steps with PIDController",
    );
  }
  const slope = norm(solver.func(terms, t, y, args));
  return less(slope, add(mul(norm(y), rtol), atol));
}
