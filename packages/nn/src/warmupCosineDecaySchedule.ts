import { checkOptions } from "@diffrax-ts/pytree";
import { requireCount, requireNumber } from "./checks.ts";
import { cosineDecaySchedule } from "./cosineDecaySchedule.ts";
import { joinSchedules } from "./joinSchedules.ts";
import { linearSchedule } from "./linearSchedule.ts";
import type { Schedule } from "./Schedule.ts";

/** Options of `warmupCosineDecaySchedule`. */
export interface WarmupCosineOptions {
  readonly initValue: number;
  readonly peakValue: number;
  /** In how many steps it goes up, straight. */
  readonly warmupSteps: number;
  /** After how many steps it is down again, those of the warm-up among them. */
  readonly decaySteps: number;
  /** @defaultValue 0 */
  readonly endValue?: number;
  /** The power to which the cosine is taken. @defaultValue 1 */
  readonly exponent?: number;
}

/**
 * Straight up from `initValue` to `peakValue`, then down to `endValue` along a cosine. What
 * `optax.warmup_cosine_decay_schedule` gives in float32, in float64.
 *
 * @throws RangeError if a number makes no sense; TypeError if an option does not exist.
 *
 * @example
 * ```ts
 * import { warmupCosineDecaySchedule } from "@diffrax-ts/nn";
 *
 * const rate = warmupCosineDecaySchedule({ initValue: 0, peakValue: 1, warmupSteps: 10, decaySteps: 110 });
 * [0, 5, 10, 60, 110].map((count) => rate.value(count).item());
 * // → [0.0, 0.5, 1.0, 0.5, 0.0]
 * ```
 */
export function warmupCosineDecaySchedule(options: WarmupCosineOptions): Schedule {
  const name = "warmupCosineDecaySchedule";
  const names = [
    "initValue",
    "peakValue",
    "warmupSteps",
    "decaySteps",
    "endValue",
    "exponent",
  ] as const;
  const {
    initValue,
    peakValue,
    warmupSteps,
    decaySteps,
    endValue = 0,
    exponent = 1,
  } = checkOptions(name, options, names);
  requireNumber(name, "peakValue", peakValue, "a finite number", Number.isFinite);
  requireCount(name, "warmupSteps", warmupSteps, 0);
  requireCount(name, "decaySteps", decaySteps, warmupSteps + 1);
  const decay = cosineDecaySchedule({
    initValue: peakValue,
    decaySteps: decaySteps - warmupSteps,
    alpha: peakValue === 0 ? 0 : endValue / peakValue,
    exponent,
  });
  if (warmupSteps === 0) return decay;
  const warmup = linearSchedule({
    initValue,
    endValue: peakValue,
    transitionSteps: warmupSteps,
  });
  return joinSchedules([warmup, decay], [warmupSteps]);
}
