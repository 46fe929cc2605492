import {
  add,
  argmax,
  astype,
  equal,
  logicalAnd,
  logicalNot,
  logicalOr,
  mul,
  stopGradient,
  where,
  zeros,
} from "@diffrax-ts/array";
import { cond, treeLoop } from "@diffrax-ts/autodiff";
import { scalarTensor } from "@diffrax-ts/program";
import { type Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { type Changes, changedState } from "./changes.ts";
import { type ConditionValues, conditionValues } from "./ConditionValues.ts";
import { anyOf, type Direction, firstOf } from "./crossings.ts";
import { type EventTrack, type Room, writeEvent } from "./EventTrack.ts";
import type { Finding } from "./findEvent.ts";
import { type KnownTimes, lastOf } from "./KnownTimes.ts";

/** What is done at events. */
export interface Changing {
  readonly finding: Finding;
  readonly directions: readonly Direction[];
  readonly changes: Changes;
  readonly times: KnownTimes | null;
  /** The number of the event of a condition that ends the solve; `null` if none does. */
  readonly end: number | null;
  readonly room: Room;
}

/** Events at one time: a change may take other conditions across zero, which have their events next. Each has one at most. */
export interface Instant {
  readonly y: Tree;
  readonly values: Tensor;
  /** The values, as they count where a condition is at its root. */
  readonly sides: Tensor;
  /** The conditions that have an event still, `[n]`. */
  readonly pending: Tensor;
  /** Those that have had theirs. */
  readonly had: Tensor;
  /** The one that has ended the solve. */
  readonly mask: Tensor;
  readonly rows: EventTrack;
  /** How many events of conditions there have been in the solve. */
  readonly met: Tensor;
  /** Whether an event has ended the solve: it changes nothing. */
  readonly isOver: Tensor;
  /** Whether the state has been changed. */
  readonly isNew: Tensor;
}

/** How conditions are seen at the time of events. */
export interface Sight {
  /** Those that have crossed zero since they were on these sides. */
  readonly crossed: (now: ConditionValues, sides: Tensor) => Tensor;
  /** The sides that they are on. */
  readonly sidesOf: (values: Tensor) => Tensor;
}

type Last = ReturnType<typeof lastOf>;

/** Makes all events of one time, the first in the tree first. */
export function eventsAt(
  { finding: { conditions, context }, changes, times, end, room }: Changing,
  t: Scalar,
  start: Pick<Instant, "y" | "values" | "sides" | "pending" | "rows" | "met">,
  { crossed, sidesOf }: Sight,
): Instant {
  const all = start.pending.length;
  const count = all - (times === null ? 0 : 1);
  const none = zeros([all], { dtype: "bool" });
  const no = scalarTensor("bool", 0);

  const one = (now: Instant): Instant => {
    const mask = firstOf(now.pending);
    const condition = argmax(astype(mask, "int32"));
    const last = times === null ? null : lastOf(times, t);
    /** The one where it is a known time, the other where it is a condition. */
    const either = <T extends Tensor>(ofTime: (known: Last) => T, ofCondition: T): T => {
      if (last === null) return ofCondition;
      if (count === 0) return ofTime(last);
      return where(equal(condition, count), ofTime(last), ofCondition) as T;
    };
    const exact = either(({ time }) => time, t);
    const rows = writeEvent(now.rows, room, {
      t: mul(exact, context.direction),
      y: now.y,
      index: either(({ number }) => add(number, count), condition),
    });
    const met = either(() => now.met, add(now.met, 1));
    const isOver = end === null ? no : either(() => no, equal(met, end));
    const made = { t: exact, y: now.y, condition, count, number: last?.number ?? null };
    const change = (): Tree => changedState(changes, made, context);
    const y = end === null ? change() : cond(isOver, () => now.y, change);
    const seen = conditionValues(conditions, t, y, context);
    const values = stopGradient(seen.values);
    const had = logicalOr(now.had, mask);
    const others = logicalOr(now.pending, crossed({ ...seen, values }, now.sides));
    return {
      y,
      values,
      sides: sidesOf(values),
      pending: logicalAnd(others, logicalNot(had)),
      had,
      mask: logicalAnd(mask, isOver),
      rows,
      met,
      isOver,
      isNew: logicalOr(now.isNew, logicalNot(isOver)),
    };
  };
  const goesOn = ({ pending, isOver }: Instant): Tensor =>
    logicalAnd(anyOf(pending), logicalNot(isOver));
  const first = { ...start, had: none, mask: none, isOver: no, isNew: no };
  return treeLoop<Instant>("Event", first, goesOn, one, { bound: all });
}
