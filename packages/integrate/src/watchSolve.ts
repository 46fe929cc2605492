import type { ProgressMeter, Result } from "@diffrax-ts/protocol";
import { burstsOf } from "./burstsOf.ts";
import type { Outcome } from "./Outcome.ts";
import type { Prepared } from "./prepare.ts";
import { progressOf } from "./progressOf.ts";
import { shownOn } from "./shownOn.ts";

/** Runs a solve to its end, and tells a meter on the way how far it has come. */
export function watchSolve(prepared: Prepared, progressMeter: ProgressMeter): Outcome {
  const { refreshSteps = 1 } = progressMeter;
  const progressAt = progressOf(prepared);

  const meter = shownOn(progressMeter);
  const bursts = burstsOf(prepared, { turns: refreshSteps });
  let result: Result | null = null;
  try {
    let burst = bursts.next();
    while (burst.done !== true) {
      meter.update(progressAt(burst.value));
      burst = bursts.next();
    }
    result = burst.value.result as Result;
    return burst.value;
  } finally {
    // What it owns is given back, too, if the meter fails.
    bursts.return(undefined as never);
    meter.close(result);
  }
}
