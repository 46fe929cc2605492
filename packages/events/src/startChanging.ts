import { greater, logicalAnd, stopGradient, where, zeros } from "@diffrax-ts/array";
import { scalarTensor } from "@diffrax-ts/program";
import { type EventChange, resultTensor, type TracedResult, type Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { Carried } from "./changeAtEvents.ts";
import type { ConditionValues } from "./ConditionValues.ts";
import { firedIn, truths } from "./crossings.ts";
import type { EventTrack } from "./EventTrack.ts";
import { type Changing, eventsAt } from "./Instant.ts";
import { rootsAt } from "./Roots.ts";

/** Where a solve begins whose events change the state. */
interface ChangingStart {
  readonly t0: Scalar;
  readonly y0: Tree;
  readonly rows: EventTrack;
  /** Whether a truth value that is true there ends the solve. */
  readonly endsAtTruth: boolean;
}

/** What is carried from the start on, the state that the solve begins with, and whether it ends there. */
export function startChanging(
  changing: Changing,
  seen: ConditionValues,
  { t0, y0, rows, endsAtTruth }: ChangingStart,
): Carried & {
  readonly mask: Tensor;
  readonly change: EventChange;
  readonly result: TracedResult;
} {
  const { directions, times } = changing;
  const { values, areTruths } = seen;
  const { length } = values;
  const none = zeros([length], { dtype: "bool" });
  const isOfTimes = (i: number): boolean => times !== null && i === length - 1;
  const mayBegin = areTruths.map((isTruth, i) => isTruth && (endsAtTruth || isOfTimes(i)));
  const start = { y: y0, values, sides: values, rows, met: scalarTensor("int32", 0) };
  const isExempt = (): Tensor => scalarTensor("bool", 1); // what is zero at the start
  const before = { directions, isExempt, risesOnly: true };
  const pending = (): Tensor => logicalAnd(greater(values, 0), truths(mayBegin));
  const all = mayBegin.some(Boolean)
    ? eventsAt(
        changing,
        t0,
        { ...start, pending: pending() },
        {
          crossed: (now, sides) => firedIn(now, { ...before, before: sides }),
          sidesOf: (now) => now,
        },
      )
    : { ...start, had: none, mask: none, isOver: null, isNew: scalarTensor("bool", 0) };
  const roots = rootsAt({ values: all.values, areTruths }, all.met);
  return {
    values: all.values,
    roots: { ...roots, times: where(all.had, stopGradient(t0), roots.times) },
    rows: all.rows,
    mask: all.mask,
    change: { isNew: all.isNew, y: all.y },
    result:
      all.isOver === null
        ? null
        : where(all.isOver, resultTensor("eventOccurred"), resultTensor("successful")),
  };
}
