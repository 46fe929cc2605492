import { tensor } from "@diffrax-ts/array";
import { type Part, part, type Scalar } from "@diffrax-ts/pytree";
import { requireNumber } from "./checks.ts";
import type { Schedule } from "./Schedule.ts";

interface ConstantSchedule extends Schedule, Part<"constantSchedule"> {
  readonly rate: number;
}

/**
 * Always the same; for `joinSchedules`.
 *
 * @throws RangeError if the value is not finite.
 *
 * @example
 * ```ts
 * import { constantSchedule } from "@diffrax-ts/nn";
 *
 * constantSchedule(0.1).value(1000).item();
 * // → 0.1
 * ```
 */
export function constantSchedule(rate: number): Schedule {
  requireNumber("constantSchedule", "rate", rate, "a finite number", Number.isFinite);
  return part("constantSchedule", { rate, value });
}

function value(this: ConstantSchedule): Scalar {
  return tensor(this.rate);
}
