// How many turns a burst has, by a clock that the tests turn.
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Bursts } from "../src/burstsOf.ts";
import { endOfSlice, newPace, runUntil } from "../src/live/Pace.ts";

let now = 0;
const clock = performance.now.bind(performance);
beforeEach(() => {
  now = 0;
  performance.now = () => now;
});
afterEach(() => {
  performance.now = clock;
});

/**
 * Bursts whose turns take as long as is said, by the number of the turn; what the clock shows is rounded down to `tick`.
 *
 * @yields How far they have come.
 */
function* turnsOf(msOf: (turn: number) => number, tick = 0): Bursts {
  let time = 0;
  let numSteps = 0;
  for (let turns = 1; ;) {
    for (let i = 0; i < turns; i++) time += msOf(numSteps++);
    now = tick === 0 ? time : tick * Math.floor(time / tick);
    turns = (yield { t: time, numSteps }) ?? turns;
  }
}

/** The lengths of slices of bursts, in milliseconds, and the turns of each. */
function slices(bursts: Bursts, count: number, budgetMs: number) {
  const pace = newPace();
  return Array.from({ length: count }, () => {
    const [start, before] = [now, pace.numSteps];
    runUntil(bursts, pace, { until: endOfSlice(budgetMs), budgetMs });
    return { ms: now - start, turns: pace.numSteps - before };
  });
}

describe("a slice", () => {
  test("is no longer than the budget, however long the turns are, but for a single turn", () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0.02, max: 50, noNaN: true }),
        fc.double({ min: 0.5, max: 100, noNaN: true }),
        (turnMs, budgetMs) => {
          const seen = slices(
            turnsOf(() => turnMs),
            30,
            budgetMs,
          );
          for (const { ms, turns } of seen)
            expect(turns > 1 ? ms : 0).toBeLessThanOrEqual(budgetMs);
          for (const { turns } of seen) expect(turns).toBeGreaterThan(0);
          // And it is used: but for the first, which nobody could know, and where turns do not fit.
          const { ms } = seen.at(-1)!;
          expect(ms).toBeGreaterThan(Math.min(budgetMs * 0.7, budgetMs * 0.875 - turnMs) - 1e-9);
        },
      ),
    ));

  test("is no longer than the budget and an eighth, if turns suddenly take ten times as long", () => {
    const seen = slices(
      turnsOf((turn) => (turn % 20_000 < 10_000 ? 0.001 : 0.01)),
      200,
      8,
    );
    for (const { ms } of seen) expect(ms).toBeLessThan(8 + 10);
    const late = seen.filter(({ ms }) => ms > 8);
    expect(late.length).toBeLessThan(seen.length / 10);
  });

  test("begins with one turn", () => {
    expect(
      slices(
        turnsOf(() => 100),
        3,
        8,
      ).map(({ turns }) => turns),
    ).toEqual([1, 1, 1]);
  });

  test.each([0.1, 1, 5])("is held by a clock that ticks every %d ms", (tick) => {
    for (const turnMs of [1e-3, 0.01, 0.3, 3]) {
      now = 0;
      for (const { ms, turns } of slices(
        turnsOf(() => turnMs, tick),
        100,
        8,
      ))
        expect(turns > 1 ? ms : 0).toBeLessThanOrEqual(8 + tick);
    }
  });

  test("does not get shorter or longer in the course of time", () => {
    const seen = slices(
      turnsOf((turn) => 0.01 * (1 + 0.5 * Math.sin(turn))),
      2000,
      8,
    );
    const mean = (part: typeof seen): number =>
      part.reduce((sum, { ms }) => sum + ms, 0) / part.length;
    expect(mean(seen.slice(1500))).toBeCloseTo(mean(seen.slice(100, 600)), 1);
  });

  test("comes back to its length after one turn that took very long", () => {
    const seen = slices(
      turnsOf((turn) => (turn === 20_000 ? 200 : 0.001)),
      100,
      8,
    );
    expect(seen.at(-1)!.ms).toBeGreaterThan(6.5);
  });
});
