import { less, sub, where } from "@diffrax-ts/array";
import { type Part, part, type Scalar } from "@diffrax-ts/pytree";
import { requireCount } from "./checks.ts";
import { countOf, type Schedule } from "./Schedule.ts";

interface Joined extends Schedule, Part<"joinSchedules"> {
  readonly schedules: readonly Schedule[];
  readonly boundaries: readonly number[];
}

/**
 * One schedule after the other; each counts from its own start. What `optax.join_schedules` gives in float32, in float64.
 *
 * @param boundaries - The steps at which the next one starts, increasing: one less than there are schedules.
 * @throws RangeError if there are too many or too few boundaries, or if they do not increase.
 *
 * @example
 * ```ts
 * import { constantSchedule, joinSchedules, linearSchedule } from "@diffrax-ts/nn";
 *
 * const warmup = linearSchedule({ initValue: 0, endValue: 1, transitionSteps: 4 });
 * const rate = joinSchedules([constantSchedule(0.5), warmup], [10]);
 * [9, 10, 11].map((count) => rate.value(count).item());
 * // → [0.5, 0, 0.25]
 * ```
 */
export function joinSchedules(
  schedules: readonly Schedule[],
  boundaries: readonly number[],
): Schedule {
  if (schedules.length !== boundaries.length + 1) {
    throw new RangeError(
      `joinSchedules: expected one boundary less than schedules, got ${boundaries.length} for ${schedules.length}`,
    );
  }
  for (const [i, boundary] of boundaries.entries())
    requireCount("joinSchedules", `boundaries[${i}]`, boundary, (boundaries[i - 1] ?? 0) + 1);
  return part("joinSchedules", { schedules, boundaries, value });
}

function value(this: Joined, count: Scalar | number): Scalar {
  const { schedules, boundaries } = this;
  const now = countOf(count);
  return boundaries.reduce<Scalar>((before, boundary, i) => {
    const next = schedules[i + 1]!.value(sub(now, boundary));
    return where(less(now, boundary), before, next);
  }, schedules[0]!.value(now));
}
