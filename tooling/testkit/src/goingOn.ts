import { ok } from "node:assert/strict";
import { StepTo } from "@diffrax-ts/core";
import { distance, numbersOf } from "./numbers.ts";
import { solved, type Subject } from "./Subject.ts";

/** A solve that goes on from the solver state of another is the solve that was not interrupted. */
export function goesOn(subject: Subject): void {
  for (const direction of [1, -1]) {
    const [start, middle, end] = direction === 1 ? [0, 0.5, 1] : [1, 0.5, 0];
    const through = (...ts: readonly number[]): object => ({
      dt0: null,
      stepsizeController: StepTo({ ts }),
      saveat: { t1: true, solverState: true },
    });
    const times = [start, (start + middle) / 2, middle, (middle + end) / 2, end] as const;
    const whole = solved(subject, [start, end], through(...times));
    const first = solved(subject, [start, middle], through(...times.slice(0, 3)));
    const rest = solved(subject, [middle, end], {
      ...through(...times.slice(2)),
      y0: lastOf(first.ys),
      solverState: first.solverState,
    });
    const apart = distance(numbersOf(whole.ys), numbersOf(rest.ys));
    ok(
      apart === 0,
      `${subject.make().kind}: going on from a solver state leads elsewhere than the whole solve, by ${apart}; ` +
        "what a step needs of those before it belongs into solverState",
    );
  }
}

function lastOf(ys: unknown): unknown {
  return Array.isArray(ys) ? ys.map(lastOf) : (ys as { at(i: number): unknown }).at(-1);
}
