import {
  equal,
  greater,
  logicalAnd,
  logicalOr,
  slice,
  stopGradient,
  where,
  zeros,
} from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import { checkOptions, describeValue, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import type {
  Event as EventInterface,
  EventContext,
  EventMet,
  EventRows,
  EventSpan,
  EventStart,
  EventStarted,
  LocalInterpolation,
  ReadEventField,
  StepMade,
  StepPlanned,
  Tree,
} from "@diffrax-ts/protocol";
import type { RootFinder } from "@diffrax-ts/root-finders";
import {
  checkConditions,
  type ConditionTree,
  listConditions,
  readConditions,
  treeOf,
} from "./conditions.ts";
import { type Conditions, conditionValues } from "./ConditionValues.ts";
import { changeAtEvents } from "./changeAtEvents.ts";
import { type Changes, checkChanges, readChanges } from "./changes.ts";
import { anyOf, type Direction, firedIn, firstOf, mayFire, truths } from "./crossings.ts";
import { checkDirections } from "./directions.ts";
import { endAtFirst, noEventIn, occurred } from "./endAtFirst.ts";
import {
  requireCount,
  requireNone,
  requireOrder,
  requireRoom,
  requireRootFinder,
} from "./eventChecks.ts";
import type { FoundEvent } from "./findEvent.ts";
import type { EventOptions } from "./EventOptions.ts";
import type { EventState } from "./EventState.ts";
import { noEvents, type Room, rowsOf } from "./EventTrack.ts";
import type { Changing } from "./Instant.ts";
import { assertSpan, checkSpan, checkTimes, endAtNext, isDue, knownTimes } from "./KnownTimes.ts";
import { recordEvents } from "./recordEvents.ts";
import { rootsAt } from "./Roots.ts";
import { startChanging } from "./startChanging.ts";

/** Ends a solve at a condition. */
export interface Event extends EventInterface<EventState> {
  readonly kind: "Event";
  /** `null` if there are known times alone. */
  readonly condFn: ConditionTree | null;
  /** Known times; `null` if there are none. */
  readonly at: Tensor | null;
  readonly rootFinder: RootFinder | null;
  /** Of each condition, that of known times last. */
  readonly directions: readonly Direction[];
  readonly precedence: "time" | "tree";
  readonly count: number | null;
  readonly terminal: boolean | number;
  readonly maxEvents: number | null;
  /** `null` if the state is never changed. */
  readonly changes: Changes | null;
}

/**
 * What happens in a solve at conditions and at known times: it ends, or events are recorded, or they change the state and it goes on.
 *
 * By default it ends at a condition, or at the first of several. The result of the solve is `"eventOccurred"` then, and `solution.eventMask`
 * says which condition it was: a tree of truth values like `condFn`.
 *
 * A number has an event in the step in which it changes its sign, and zero counts as a sign of its own unless there is a `direction`, for which it
 * is the side below. What is zero where the solve begins does not have an event by leaving it. Signs are compared at the ends of
 * steps: of two roots in one step neither is seen, so let steps be short enough (`dtmax`). A truth value has an event where it is true
 * at the end of a step, or at the start. No step that is rejected has one.
 *
 * What is not a number has no event.
 *
 * With a root finder the solve ends where the number is zero, on the curve that the solver draws through the step, and all that is
 * saved ends there. Time and state there are differentiated by the implicit function theorem. Take `Newton`, or
 * `Bisection` if the condition has kinks. A number that jumps across zero has no root: make it a truth value. If the root finder fails,
 * so does the solve, with its result. Without one the solve ends at the end of the step.
 *
 * With `terminal: false`, or a number, events are recorded in `solution.events`, and no step is shortened by them.
 *
 * With `change` each event changes the state: the step is cut there, and the solver begins anew from the new state. `solution.events` has
 * the state before each change. A condition has no second event at its root, and events that accumulate, as the bounces of a ball that
 * comes to rest, end the solve with `"eventsAccumulate"`. With `at` the state is changed at known times, at which steps end exactly.
 *
 * `t` runs as the user counts, backward in a backward solve. With an event `t1` may be infinite.
 *
 * @throws TypeError for a condition, direction, change or root finder that is none; RangeError for times that are out of order; and by the
 * solve, where a condition returns a vector without `count`, an integer, or something else, where a change returns no state, and for times
 * that it does not come to.
 *
 * @example
 * ```ts
 * import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
 * import { Event } from "@diffrax-ts/events";
 * import { Newton } from "@diffrax-ts/root-finders";
 *
 * // A ball that falls from a height of 10, until it is at the ground.
 * const rootFinder = Newton({ rtol: 1e-10, atol: 1e-10 });
 * const { ts } = diffeqsolve((t, [height, speed]) => [speed, -9.81], Tsit5(), {
 *   t0: 0, t1: Infinity, dt0: 0.1, y0: [10, 0],
 *   event: Event({ condFn: (t: number, [height]: readonly [number, number]) => height, rootFinder }),
 * });
 * ts.at(0).item() - Math.sqrt(20 / 9.81);
 * // → 0.00000…
 * ```
 */
export function Event(options: EventOptions): Event {
  const given = checkOptions("Event", options, optionNames);
  const { rootFinder = null, direction = null, precedence = "time", count = null } = given;
  const at = (given.at ?? null) === null ? null : checkTimes(given.at);
  const change = given.change ?? null;
  if (given.condFn === undefined && at !== null) {
    requireNone(given, ["rootFinder", "direction", "precedence", "count", "terminal"]);
    const changes = checkChanges(change, null, true);
    const { maxEvents } = requireRoom(false, given.maxEvents ?? Math.max(1, at.length));
    const alone = { condFn: null, at, changes, maxEvents, directions: [null], terminal: false };
    return event({ ...alone, rootFinder: null, precedence: "time", count: null });
  }
  const condFn = checkConditions(given.condFn, "Event: condFn");
  if (precedence !== "time" && precedence !== "tree") {
    throw new TypeError(
      `Event: precedence must be "time" or "tree", got ${describeValue(precedence)}`,
    );
  }
  const changes = change === null && at === null ? null : checkChanges(change, condFn, at !== null);
  const changesAny = changes?.conditions.some((one) => one !== null) === true;
  const { terminal = !changesAny, maxEvents } = given;
  if (changes !== null) requireOrder(changesAny ? terminal : false, precedence);
  const most = typeof terminal === "number" ? terminal + (at?.length ?? 0) : null;
  const own = checkDirections(direction, condFn, requireCount(count, condFn));
  return event({
    condFn,
    at,
    rootFinder: rootFinder === null ? null : requireRootFinder(rootFinder),
    directions: at === null ? own : [...own, null],
    precedence,
    count,
    changes,
    ...requireRoom(terminal, maxEvents ?? most),
  });
}

const optionNames = [
  "condFn",
  "at",
  "rootFinder",
  "direction",
  "precedence",
  "count",
  "change",
  "terminal",
  "maxEvents",
] as const;

type Fields = Pick<
  Event,
  | ("condFn" | "at" | "rootFinder" | "directions" | "precedence" | "count")
  | ("terminal" | "maxEvents" | "changes")
>;

function event(fields: Fields): Event {
  const { at, rootFinder, terminal, changes } = fields;
  return part("Event", {
    mayCut: rootFinder !== null && (terminal !== false || changes !== null),
    mayChange: changes !== null,
    records: terminal !== true || changes !== null,
    isElementwise: true,
    ...fields,
    ...(at === null ? {} : { check, endOfStep }),
    readFields,
    init,
    restart,
    meet,
    mask,
    recorded,
  });
}

function fieldsOf(from: Event): Fields {
  const { condFn, at, rootFinder, directions, precedence, count } = from;
  const { terminal, maxEvents, changes } = from;
  return { condFn, at, rootFinder, directions, precedence, count, terminal, maxEvents, changes };
}

function readFields(this: Event, read: ReadEventField): Event {
  const condFn = this.condFn && readConditions(this.condFn, read);
  return event({
    ...fieldsOf(this),
    condFn,
    changes: this.changes && readChanges(this.changes, read),
  });
}

function check(this: Event, span: EventSpan): void {
  checkSpan(this.at!, span);
}

function endOfStep(
  this: Event,
  state: EventState,
  t0: Scalar,
  t1: Scalar,
  context: EventContext,
): StepPlanned<EventState> {
  const times = knownTimes(this.at, context);
  if (times === null) return { t1, state };
  return { t1: endAtNext(times, t0, t1), state: { ...state, plannedEnd: t1 } };
}

function conditionsOf({ condFn, count, at }: Event): Conditions {
  const list = condFn === null ? [] : listConditions(condFn, "Event: condFn");
  return { list, count, hasTimes: at !== null };
}

function init(this: Event, begin: EventStart, context: EventContext): EventStarted<EventState> {
  const conditions = conditionsOf(this);
  const { t0, y0 } = begin;
  const times = knownTimes(this.at, context);
  if (times !== null) assertSpan(times, context.info, context.direction);
  const due = times === null ? undefined : isDue(times, t0, t0, true);
  const seen = conditionValues(conditions, t0, y0, context, due);
  const { areTruths } = seen;
  const before = stopGradient(seen.values);
  const none = (): Tensor => zeros([before.length], { dtype: "bool" });
  const plannedEnd = times === null ? null : t0;
  const state = { values: before, rows: null, areSpent: null, roots: null, plannedEnd };
  if (this.changes !== null) {
    const rows = noEvents(begin, roomIn(this));
    const start = { t0, y0, rows, endsAtTruth: this.terminal === true };
    const { change, result, ...more } = startChanging(
      changingBy(this, context),
      { values: before, areTruths },
      start,
    );
    return { state: { ...state, ...more }, change, result };
  }
  if (this.records) {
    const rows = noEvents(begin, roomIn(this));
    return { state: { ...state, mask: none(), rows, areSpent: none() }, result: null };
  }
  if (!areTruths.some(Boolean)) return { state: { ...state, mask: none() }, result: null };
  const isTrue = greater(before, 0);
  const fired = areTruths.every(Boolean) ? isTrue : logicalAnd(isTrue, truths(areTruths));
  return { state: { ...state, mask: firstOf(fired) }, result: occurred(anyOf(fired)) };
}

function restart(
  this: Event,
  state: EventState,
  { t0, y0 }: Pick<EventStart, "t0" | "y0">,
  context: EventContext,
): EventState {
  const { values, areTruths } = conditionValues(conditionsOf(this), t0, y0, context);
  const now = stopGradient(values);
  const roots = state.roots && rootsAt({ values: now, areTruths }, state.roots.met);
  return { ...state, values: now, roots };
}

function changingBy(from: Event, context: EventContext): Changing {
  const { rootFinder, precedence, directions, changes, at } = from;
  return {
    finding: { conditions: conditionsOf(from), rootFinder, precedence, context },
    directions,
    changes: changes!,
    times: knownTimes(at, context),
    end: endIn(from),
    room: roomIn(from),
  };
}

function roomIn({ maxEvents, directions }: Event): Room {
  return { maxEvents, perStep: directions.length };
}

function endIn({ terminal }: Event): number | null {
  return terminal === false ? null : Number(terminal);
}

function meet(
  this: Event,
  before: EventState,
  step: StepMade,
  context: EventContext,
  curve: () => LocalInterpolation,
): EventMet<EventState> {
  const { keepStep, numAccepted } = step;
  const { rootFinder, precedence, directions } = this;
  const conditions = conditionsOf(this);
  const finding = { conditions, rootFinder, precedence, context };
  const times = knownTimes(this.at, context);
  const due = times === null ? undefined : isDue(times, step.t0, step.t1);
  const { values, areTruths } = conditionValues(conditions, step.t1, step.y1, context, due);
  const after = stopGradient(values);
  const { rows, areSpent, roots, plannedEnd } = before;
  if (roots !== null) {
    const carried = { values: before.values, roots, rows: rows! };
    const seen = { values: after, areTruths };
    const {
      step: met,
      wasCut,
      change,
      result,
      ...state
    } = changeAtEvents(changingBy(this, context), carried, seen, step, curve);
    const planned = plannedEnd === null ? {} : { plannedEnd };
    return {
      step: met,
      wasCut,
      change,
      result,
      ...planned,
      state: { ...state, areSpent, plannedEnd },
    };
  }
  const isFirst = (): Tensor => equal(numAccepted, 1);
  const crossed = (): Tensor =>
    firedIn(
      { values: after, areTruths },
      {
        before: before.values,
        directions,
        isExempt: () => (areSpent === null ? isFirst() : logicalOr(isFirst(), areSpent)),
        risesOnly: rows !== null,
      },
    );
  const kept = (now: Tensor, last: Tensor): Tensor =>
    keepStep === true ? now : where(keepStep, now, last);
  const fired = (): Tensor => (keepStep === true ? crossed() : logicalAnd(crossed(), keepStep));
  const eventful = (): Parameters<typeof endAtFirst>[1] => {
    return { before: before.values, after, fired: fired(), areTruths };
  };
  const may = mayFire({ values: after, areTruths }, before.values, keepStep);
  /** What becomes of the step; without a closer look where no condition can have an event. */
  const unlessQuiet = <T>(closer: () => T, quiet: () => T): T =>
    may === null ? closer() : cond(may, closer, quiet);
  const now = kept(after, before.values);
  const none = (): FoundEvent => noEventIn(step, after.length);
  if (rows === null) {
    const first = unlessQuiet(() => endAtFirst(finding, eventful(), step, curve), none);
    const mayCut = rootFinder !== null && !areTruths.every(Boolean);
    return {
      step: { ...step, t1: first.t, y1: first.y },
      wasCut: mayCut ? first.isInside : false,
      result: first.result,
      state: { values: now, mask: first.mask, rows, areSpent, roots, plannedEnd },
    };
  }
  const limits = { end: endIn(this), room: roomIn(this) };
  const { result, ...all } = unlessQuiet(
    () => {
      const all = eventful();
      const spent = kept(logicalAnd(all.fired, equal(after, 0)), areSpent!);
      return { ...recordEvents(finding, limits, all, rows, step, curve), spent };
    },
    () => ({ ...none(), rows, spent: kept(none().mask, areSpent!) }),
  );
  const { t, y, mask: last, isInside, spent, rows: written } = all;
  const state = { values: now, mask: last, rows: written, areSpent: spent, roots, plannedEnd };
  if (limits.end === null) return { step, wasCut: false, result, state };
  return { step: { ...step, t1: t, y1: y }, wasCut: isInside, result, state };
}

function recorded(this: Event, { rows }: EventState, y0: Tree): EventRows | null {
  return rows === null ? null : rowsOf(rows, roomIn(this), y0);
}

function mask(this: Event, { mask: all }: EventState): unknown {
  if (this.condFn === null) return null;
  if (this.count !== null) return this.at === null ? all : slice(all, [0, this.count]);
  const each = Array.from({ length: all.length }, (_, i) => all.at(i));
  return treeOf(this.condFn, each);
}
