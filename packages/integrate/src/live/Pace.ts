import type { Burst, Bursts } from "../burstsOf.ts";

/** What the clock has shown of the bursts of a solve. */
export interface Pace {
  /** The turns of the next burst. */
  turns: number;
  /** The milliseconds that a turn may take. */
  msPerTurn: number;
  /** The turns so far. */
  numSteps: number;
}

/** Before the first burst, which is one turn: nobody knows yet how long that takes. */
export function newPace(): Pace {
  return { turns: 1, msPerTurn: 0, numSteps: 0 };
}

/** A burst takes no more than this part of the budget, so that steps that suddenly take longer are noticed in time. */
const partOfBudget = 1 / 8;
/** How much of what a turn was expected to take stays after one that took less. */
const memory = 0.7;

/**
 * Runs bursts until the time is up; at least one.
 *
 * @param until - In milliseconds, as `performance.now()` tells them.
 * @param isThere - Whether it has come far enough.
 */
export function runUntil(
  bursts: Bursts,
  pace: Pace,
  { until, budgetMs, isThere = never }: RunOptions,
): ReturnType<Bursts["next"]> {
  let before = performance.now();
  for (;;) {
    const burst = bursts.next(pace.turns);
    if (burst.done === true) return burst;
    const now = performance.now();
    measure(pace, burst.value, now - before, budgetMs * partOfBudget);
    before = now;
    if (isThere()) return burst;
    const left = Math.floor((until - now) / pace.msPerTurn); // as many as one likes, if they take no time
    if (!(left >= 1) || now >= until) return burst;
    pace.turns = Math.min(pace.turns, left);
  }
}

/** When a slice that begins now has to end, with a reserve for a burst that takes longer than expected. */
export function endOfSlice(budgetMs: number): number {
  return performance.now() + (7 / 8) * budgetMs;
}

const never = (): boolean => false;

/** Options of `runUntil`. */
export interface RunOptions {
  readonly until: number;
  readonly budgetMs: number;
  readonly isThere?: () => boolean;
}

/** Clocks of pages tick in tenths of a millisecond or more: a burst that took no time may be followed by one twice as long. */
function measure(pace: Pace, { numSteps }: Burst, ms: number, mostMs: number): void {
  const turns = Math.max(1, numSteps - pace.numSteps);
  pace.numSteps = numSteps;
  pace.msPerTurn = Math.max(ms / turns, memory * pace.msPerTurn);
  const fitting = Math.floor(mostMs / pace.msPerTurn);
  pace.turns = Math.max(1, Math.min(2 * turns, fitting));
}
