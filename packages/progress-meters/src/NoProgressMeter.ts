import type { ProgressMeter, RunningMeter } from "@diffrax-ts/protocol";
import { part, type Part } from "@diffrax-ts/pytree";

/** Shows nothing. */
export interface NoProgressMeter extends ProgressMeter, Part {
  readonly kind: "NoProgressMeter";
}

/**
 * Shows nothing, which is the default.
 *
 * @example
 * ```ts
 * import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
 * import { NoProgressMeter, TextProgressMeter } from "@diffrax-ts/progress-meters";
 *
 * const isVerbose = false;
 * const progressMeter = isVerbose ? TextProgressMeter() : NoProgressMeter();
 * diffeqsolve((t, y) => -y, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1, progressMeter }).result;
 * // → "successful"
 * ```
 */
export function NoProgressMeter(): NoProgressMeter {
  return part("NoProgressMeter", { refreshSteps: Infinity, start });
}

function start(): RunningMeter {
  return { update: nothing, close: nothing };
}

function nothing(): void {
  // It shows nothing.
}
