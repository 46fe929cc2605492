import type { Result } from "@diffrax-ts/protocol";
import type { Burst } from "../burstsOf.ts";
import type { Outcome } from "../Outcome.ts";
import type { Prepared } from "../prepare.ts";
import { progressOf } from "../progressOf.ts";
import type { AsyncOptions } from "./readAsyncOptions.ts";
import { shownOn } from "../shownOn.ts";

/** Who is told how far a solve has come. */
export interface Shown {
  readonly update: (burst: Burst) => void;
  readonly end: (outcome: Outcome) => void;
  readonly close: (result: Result | null) => void;
}

/** Tells the meter of a solve and a function of the user how far it has come. What they are told never decreases. */
export function shownTo(
  { progressMeter, config, span }: Prepared,
  onProgress: NonNullable<AsyncOptions["onProgress"]> | null,
  prepareMs: number,
): Shown {
  const meter = progressMeter === null ? null : shownOn(progressMeter);
  const progressAt = progressOf({ span });
  let latest = 0;
  return {
    update(burst) {
      latest = Math.min(1, Math.max(latest, progressAt(burst)));
      meter?.update(latest);
      const t = config.direction === "backward" ? 0 - burst.t : burst.t;
      onProgress?.(latest, { t, numSteps: burst.numSteps, prepareMs });
    },
    end({ tEnd, numSteps, result }) {
      if (result === "successful") latest = 1;
      onProgress?.(latest, { t: tEnd as number, numSteps: numSteps as number, prepareMs });
    },
    close: (result) => meter?.close(result),
  };
}
