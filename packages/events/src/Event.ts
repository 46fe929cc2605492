import {
  equal,
  greater,
  logicalAnd,
  logicalOr,
  stopGradient,
  where,
  zeros,
} from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import { checkOptions, describeValue, part, type Tensor } from "@diffrax-ts/pytree";
import {
  type Event as EventInterface,
  type EventContext,
  type EventMet,
  type EventRows,
  type EventStart,
  type EventStarted,
  type LocalInterpolation,
  type ReadEventField,
  resultTensor,
  type StepMade,
  type Tree,
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
import { changeAtEvents, type Roots, rootsAtStart } from "./changeAtEvents.ts";
import { type Changes, type ChangeTree, checkChanges, readChanges } from "./changes.ts";
import { anyOf, type Direction, firedIn, firstOf, truths } from "./crossings.ts";
import { checkDirections, type DirectionTree } from "./directions.ts";
import { findEvent, type Finding, type FoundEvent } from "./findEvent.ts";
import { type EventTrack, noEvents, type Room, rowsOf } from "./EventTrack.ts";
import { requireCount, requireOrder, requireRoom, requireRootFinder } from "./eventChecks.ts";
import { recordEvents } from "./recordEvents.ts";

/** Options of `Event`. */
export interface EventOptions {
  /**
   * `(t, y, args, info)` to a truth value, which has an event when it is true at the end of a step, or to a number, which has one when
   * it changes its sign. Several conditions stand in arrays and records.
   */
  readonly condFn: ConditionTree;
  /**
   * Finds the time at which a number is zero. Its tolerances are in the units of `t`; those that it does not have are those of the step size controller.
   * @defaultValue null, by which an event ends the solve at the end of its step
   */
  readonly rootFinder?: RootFinder | null;
  /** Which crossings count: `true` upwards, `false` downwards, `null` both; one for all conditions, or a tree like `condFn`. @defaultValue null */
  readonly direction?: DirectionTree;
  /**
   * Which event wins if several lie in one step. `"time"`: the earliest, and of several at one time the first in the tree; without a
   * root finder all of them are at the end of the step. `"tree"`: the first in the tree, as in Diffrax.
   * @defaultValue "time"
   */
  readonly precedence?: "time" | "tree";
  /** `condFn` returns a vector of so many conditions, and `direction` may be an array of as many. @defaultValue null, by which each is a scalar */
  readonly count?: number | null;
  /**
   * `true`: the first event ends the solve. `false`: none does, and a number: the event of that number does; then no step is shortened by
   * the others, and all of them are in `solution.events`. @defaultValue true, and false with `change`
   */
  readonly terminal?: boolean | number;
  /**
   * How many events there is room for in `solution.events`; more are an error. @defaultValue `terminal`, if that is a number; otherwise as
   * many as there are, and inside of traced functions (`jit`, `vmap`, `grad`) it has to be given
   */
  readonly maxEvents?: number | null;
  /**
   * `(t, y, args, index)` to the state that the solve goes on from, like `y`: as a ball bounces or a neuron is reset. One function for
   * all conditions, which is told the place of the one that has its event, or a tree like `condFn`, `null` where nothing is changed.
   * @defaultValue nothing is changed
   */
  readonly change?: ChangeTree;
}

/** What is carried from step to step. */
export interface EventState {
  readonly [key: string]: Tree;
  /** Of all conditions at the end of the last step that was kept, `[n]`. */
  readonly values: Tensor;
  /** The one that has ended the solve. */
  readonly mask: Tensor;
  /** Those that are behind; `null` if the first ends the solve. */
  readonly rows: EventTrack | null;
  /** The conditions that have had their event at the end of the last step, where they are zero; `null` unless events are only recorded. */
  readonly areSpent: Tensor | null;
  /** The conditions that have had their event where they are; `null` unless events change the state. */
  readonly roots: Roots | null;
}

/** Ends a solve at a condition. */
export interface Event extends EventInterface<EventState> {
  readonly kind: "Event";
  readonly condFn: ConditionTree;
  readonly rootFinder: RootFinder | null;
  /** Of each condition. */
  readonly directions: readonly Direction[];
  readonly precedence: "time" | "tree";
  readonly count: number | null;
  readonly terminal: boolean | number;
  readonly maxEvents: number | null;
  /** Of each condition, or one for all; `null` if the state is never changed. */
  readonly changes: Changes | null;
}

/**
 * Ends a solve at a condition, or at the first of several. The result of the solve is `"eventOccurred"` then, and `solution.eventMask`
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
 * `t` runs as the user counts, backward in a backward solve. With an event `t1` may be infinite.
 *
 * @throws TypeError for a condition, direction or root finder that is none; and by the solve, where a condition returns a vector without
 * `count`, an integer, or something else.
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
  const {
    condFn,
    rootFinder = null,
    direction = null,
    precedence = "time",
    count = null,
    change = null,
    terminal = change === null,
    maxEvents = null,
  } = checkOptions("Event", options, [
    "condFn",
    "rootFinder",
    "direction",
    "precedence",
    "count",
    "change",
    "terminal",
    "maxEvents",
  ]);
  const conditions = checkConditions(condFn, "Event: condFn");
  if (precedence !== "time" && precedence !== "tree") {
    throw new TypeError(
      `Event: precedence must be "time" or "tree", got ${describeValue(precedence)}`,
    );
  }
  const changes = change === null ? null : checkChanges(change, conditions);
  if (changes !== null) requireOrder(terminal, precedence);
  return event({
    condFn: conditions,
    rootFinder: rootFinder === null ? null : requireRootFinder(rootFinder),
    directions: checkDirections(direction, conditions, requireCount(count, conditions)),
    precedence,
    count,
    changes,
    ...requireRoom(terminal, maxEvents ?? (typeof terminal === "number" ? terminal : null)),
  });
}

type Fields = Pick<
  Event,
  | ("condFn" | "rootFinder" | "directions" | "precedence" | "count")
  | ("terminal" | "maxEvents" | "changes")
>;

function event(fields: Fields): Event {
  return part("Event", {
    mayCut: fields.rootFinder !== null && (fields.terminal !== false || fields.changes !== null),
    mayChange: fields.changes !== null,
    records: fields.terminal !== true,
    ...fields,
    readFields,
    init,
    meet,
    mask,
    recorded,
  });
}

function readFields(this: Event, read: ReadEventField): Event {
  const { rootFinder, directions, precedence, count, terminal, maxEvents } = this;
  const condFn = readConditions(this.condFn, read);
  const changes = this.changes && readChanges(this.changes, read);
  return event({ condFn, rootFinder, directions, precedence, count, terminal, maxEvents, changes });
}

function conditionsOf({ condFn, count }: Event): Conditions {
  return { list: listConditions(condFn, "Event: condFn"), count };
}

function init(this: Event, start: EventStart, context: EventContext): EventStarted<EventState> {
  const { values, areTruths } = conditionValues(conditionsOf(this), start.t0, start.y0, context);
  const before = stopGradient(values);
  const none = (): Tensor => zeros([before.length], { dtype: "bool" });
  const state = { values: before, rows: null, areSpent: null, roots: null };
  if (this.records) {
    const rows = noEvents(start, roomIn(this));
    const more =
      this.changes === null
        ? { areSpent: none() }
        : { roots: rootsAtStart({ values: before, areTruths }) };
    return { state: { ...state, mask: none(), rows, ...more }, result: null };
  }
  if (!areTruths.some(Boolean)) return { state: { ...state, mask: none() }, result: null };
  const isTrue = greater(before, 0);
  const fired = areTruths.every(Boolean) ? isTrue : logicalAnd(isTrue, truths(areTruths));
  return { state: { ...state, mask: firstOf(fired) }, result: occurred(anyOf(fired)) };
}

function roomIn({ maxEvents, directions }: Event): Room {
  return { maxEvents, perStep: directions.length };
}

function endIn({ terminal }: Event): number | null {
  return typeof terminal === "number" ? terminal : null;
}

/** How a solve ends at an event: as it should, or as the root finder failed. */
function endOf({ result }: FoundEvent): Tensor {
  const isFound = equal(result, resultTensor("successful"));
  return where(isFound, resultTensor("eventOccurred"), result);
}

function occurred(hasEvent: Tensor): Tensor {
  return where(hasEvent, resultTensor("eventOccurred"), resultTensor("successful"));
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
  const { values, areTruths } = conditionValues(conditions, step.t1, step.y1, context);
  const after = stopGradient(values);
  const { rows, areSpent, roots } = before;
  if (roots !== null) {
    const changing = {
      finding,
      directions,
      changes: this.changes!,
      end: endIn(this),
      room: roomIn(this),
    };
    const carried = { values: before.values, roots, rows: rows! };
    const {
      step: cut,
      wasCut,
      change,
      result,
      ...state
    } = changeAtEvents(changing, carried, { values: after, areTruths }, step, curve);
    return { step: cut, wasCut, change, result, state: { ...state, areSpent } };
  }
  const isFirst = (): Tensor => equal(numAccepted, 1);
  const crossed = firedIn(
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
  const fired = keepStep === true ? crossed : logicalAnd(crossed, keepStep);
  const eventful = { before: before.values, after, fired, areTruths };
  const now = kept(after, before.values);
  if (rows === null) {
    const { mask: first, ...met } = endAtFirst(finding, eventful, step, curve);
    return { ...met, state: { values: now, mask: first, rows, areSpent, roots } };
  }
  const limits = { end: endIn(this), room: roomIn(this) };
  const {
    mask: last,
    recorded: written,
    ...met
  } = recordEvents(finding, limits, eventful, rows, step, curve);
  const spent = kept(logicalAnd(fired, equal(after, 0)), areSpent!);
  return { ...met, state: { values: now, mask: last, rows: written, areSpent: spent, roots } };
}

/** Ends the solve at the first event of a step, if there is one. */
function endAtFirst(
  finding: Finding,
  eventful: Parameters<typeof findEvent>[1],
  step: StepMade,
  curve: () => LocalInterpolation,
): Omit<EventMet<EventState>, "state"> & { readonly mask: Tensor } {
  const { fired, areTruths } = eventful;
  const hasEvent = anyOf(fired);
  if (finding.rootFinder === null || areTruths.every(Boolean))
    return { step, mask: firstOf(fired), wasCut: false, result: occurred(hasEvent) };
  const {
    t,
    y,
    mask: first,
    isInside,
    result,
  } = cond(
    hasEvent,
    (): FoundEvent => {
      const found = findEvent(finding, eventful, step, curve);
      return { ...found, result: endOf(found) };
    },
    () => ({
      t: step.t1,
      y: step.y1,
      mask: zeros([fired.length], { dtype: "bool" }),
      isInside: zeros([], { dtype: "bool" }),
      result: resultTensor("successful"),
    }),
  );
  return { step: { ...step, t1: t, y1: y }, mask: first, wasCut: isInside, result };
}

function recorded(this: Event, { rows }: EventState, y0: Tree): EventRows | null {
  return rows === null ? null : rowsOf(rows, roomIn(this), y0);
}

function mask(this: Event, state: EventState): unknown {
  if (this.count !== null) return state.mask;
  return treeOf(
    this.condFn,
    Array.from({ length: state.mask.length }, (_, i) => state.mask.at(i)),
  );
}
