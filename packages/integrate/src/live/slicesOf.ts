import { aborted } from "./aborted.ts";
import type { Burst, Bursts } from "../burstsOf.ts";
import { eventLoopTurn } from "./eventLoopTurn.ts";
import type { Outcome } from "../Outcome.ts";
import { endOfSlice, newPace, type Pace, runUntil } from "./Pace.ts";
import type { SignalLike } from "./readAsyncOptions.ts";
import type { Solution } from "../Solution.ts";

/** How a solve runs that lets the event loop turn. */
export interface Slicing {
  readonly signal: SignalLike | null;
  readonly budgetMs: number;
  /** The solution of a solve that was stopped. */
  readonly solutionOf: (outcome: Outcome) => Solution;
  /** Whether something has to be done before it can go on. */
  readonly isThere?: () => boolean;
}

/**
 * The bursts of a solve, in slices between which the event loop turns.
 *
 * @yields How far it has come, after every slice but the last.
 * @throws The reason of the signal, if it was aborted.
 */
export async function* slicesOf(
  bursts: Bursts,
  { signal, budgetMs, solutionOf, isThere }: Slicing,
): AsyncGenerator<Burst, Outcome, undefined> {
  const pace = newPace();
  try {
    for (;;) {
      await eventLoopTurn();
      if (signal?.aborted === true) throw aborted(signal.reason, solutionOf(stopped(bursts, pace)));
      const until = endOfSlice(budgetMs);
      const burst = runUntil(bursts, pace, { until, budgetMs, ...(isThere && { isThere }) });
      if (burst.done === true) return burst.value;
      yield burst.value;
    }
  } finally {
    bursts.return(undefined as never);
  }
}

/** Ends a solve where it is; after its first burst, if it has not begun. */
function stopped(bursts: Bursts, { numSteps }: Pace): Outcome {
  const first = numSteps === 0 ? bursts.next() : null;
  if (first?.done === true) return first.value;
  return { ...(bursts.next(0).value as Outcome), result: "interrupted" };
}
