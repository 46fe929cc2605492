import { add, clip, div, mul, sub } from "@diffrax-ts/array";
import { checkOptions, type Part, part, type Scalar } from "@diffrax-ts/pytree";
import { requireCount, requireNumber } from "./checks.ts";
import { countOf, type Schedule } from "./Schedule.ts";

/** Options of `linearSchedule`. */
export interface LinearScheduleOptions {
  readonly initValue: number;
  readonly endValue: number;
  /** In how many steps it goes from one to the other. */
  readonly transitionSteps: number;
  /** After how many steps it starts. @defaultValue 0 */
  readonly transitionBegin?: number;
}

interface LinearSchedule extends Schedule, Part<"linearSchedule"> {
  readonly options: Required<LinearScheduleOptions>;
}

/**
 * From one value straight to another: a warm-up, for example. What `optax.linear_schedule` gives in float32, in float64.
 *
 * @throws RangeError if a number makes no sense; TypeError if an option does not exist.
 *
 * @example
 * ```ts
 * import { linearSchedule } from "@diffrax-ts/nn";
 *
 * const warmup = linearSchedule({ initValue: 0, endValue: 1, transitionSteps: 4 });
 * [0, 1, 4, 10].map((count) => warmup.value(count).item());
 * // → [0, 0.25, 1, 1]
 * ```
 */
export function linearSchedule(options: LinearScheduleOptions): Schedule {
  const name = "linearSchedule";
  const names = ["initValue", "endValue", "transitionSteps", "transitionBegin"] as const;
  const {
    initValue,
    endValue,
    transitionSteps,
    transitionBegin = 0,
  } = checkOptions(name, options, names);
  for (const [key, x] of Object.entries({ initValue, endValue }))
    requireNumber(name, key, x, "a finite number", Number.isFinite);
  requireCount(name, "transitionSteps", transitionSteps, 1);
  requireCount(name, "transitionBegin", transitionBegin, 0);
  return part(name, {
    options: { initValue, endValue, transitionSteps, transitionBegin },
    value,
  });
}

function value(this: LinearSchedule, count: Scalar | number): Scalar {
  const { initValue, endValue, transitionSteps, transitionBegin } = this.options;
  const done = clip(sub(countOf(count), transitionBegin), 0, transitionSteps);
  const left = sub(1, div(done, transitionSteps));
  return add(mul(left, initValue - endValue), endValue);
}
