import { describeValue } from "@diffrax-ts/pytree";
import type { ProgressMeter, Result, RunningMeter } from "@diffrax-ts/protocol";

/** Starts a meter. What it is told never decreases and ends with 1 if the solve came to its end, and it is closed even if it fails itself. */
export function shownOn(progressMeter: ProgressMeter): RunningMeter {
  const meter = progressMeter.start();
  for (const name of ["update", "close"] as const) {
    const member: unknown = (meter as Partial<RunningMeter> | null | undefined)?.[name];
    if (typeof member === "function") continue;
    throw new TypeError(
      `diffeqsolve: progressMeter: what start() returns must have a function ${name}, got ${describeValue(member)}`,
    );
  }
  let latest = 0;
  return {
    update(progress: number): void {
      latest = Math.min(1, Math.max(latest, progress));
      meter.update(latest);
    },
    close(result: Result | null): void {
      try {
        if (result === "successful" && latest < 1) meter.update(1);
      } finally {
        meter.close(result);
      }
    },
  };
}
