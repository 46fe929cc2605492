import { equal, greater, less, logicalAnd, stopGradient, where, zeros } from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import {
  checkOptions,
  describeValue,
  isPart,
  part,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";
import {
  type Event as EventInterface,
  type EventContext,
  type EventMet,
  type EventStart,
  type EventStarted,
  type LocalInterpolation,
  maxNorm,
  type ReadField,
  resultTensor,
  type StepMade,
  type Tolerances,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import type { RootFinder } from "@diffrax-ts/root-finders";
import {
  checkConditions,
  type ConditionTree,
  isCondition,
  listConditions,
  readConditions,
  treeOf,
} from "./conditions.ts";
import { type Conditions, conditionValues } from "./ConditionValues.ts";
import { anyOf, type Direction, firedIn, firstOf, truths } from "./crossings.ts";
import { checkDirections, type DirectionTree } from "./directions.ts";
import { type EventfulStep, locate } from "./locate.ts";

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
}

/** What is carried from step to step. */
export interface EventState {
  readonly [key: string]: Tree;
  /** Of all conditions at the end of the last step that was kept, `[n]`. */
  readonly values: Tensor;
  /** The one that has ended the solve. */
  readonly mask: Tensor;
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
  } = checkOptions("Event", options, ["condFn", "rootFinder", "direction", "precedence", "count"]);
  const conditions = checkConditions(condFn, "Event: condFn");
  if (precedence !== "time" && precedence !== "tree") {
    throw new TypeError(
      `Event: precedence must be "time" or "tree", got ${describeValue(precedence)}`,
    );
  }
  return event({
    condFn: conditions,
    rootFinder: rootFinder === null ? null : requireRootFinder(rootFinder),
    directions: checkDirections(direction, conditions, requireCount(count, conditions)),
    precedence,
    count,
  });
}

type Fields = Pick<Event, "condFn" | "rootFinder" | "directions" | "precedence" | "count">;

function event(fields: Fields): Event {
  return part("Event", {
    mayCut: fields.rootFinder !== null,
    ...fields,
    readFields,
    init,
    meet,
    mask,
  });
}

function requireRootFinder(given: unknown): RootFinder {
  const { init: start, step, terminate } = (given ?? {}) as Partial<RootFinder>;
  if (isPart(given) && [start, step, terminate].every((member) => typeof member === "function"))
    return given as RootFinder;
  throw new TypeError(
    `Event: rootFinder must be one such as Newton({ rtol: 1e-8, atol: 1e-8 }), or null for none, got ${describeValue(given)}`,
  );
}

function requireCount(count: unknown, conditions: ConditionTree): number | null {
  if (count === null) return null;
  if (!(Number.isInteger(count) && (count as number) > 0)) {
    throw new RangeError(
      `Event: count must be a whole number above 0, or null if each condition is a scalar, got ${describeValue(count)}`,
    );
  }
  if (isCondition(conditions)) return count as number;
  throw new TypeError(
    "Event: count is for one function that returns a vector of conditions, and condFn has several; leave it out",
  );
}

function readFields(this: Event, read: ReadField): Event {
  const { rootFinder, directions, precedence, count } = this;
  const condFn = readConditions(this.condFn, read);
  return event({ condFn, rootFinder, directions, precedence, count });
}

function conditionsOf({ condFn, count }: Event): Conditions {
  return { list: listConditions(condFn, "Event: condFn"), count };
}

function init(
  this: Event,
  { t0, y0 }: EventStart,
  context: EventContext,
): EventStarted<EventState> {
  const { values, areTruths } = conditionValues(conditionsOf(this), t0, y0, context);
  const before = stopGradient(values);
  if (!areTruths.some(Boolean)) {
    const none = zeros([before.length], { dtype: "bool" });
    return { state: { values: before, mask: none }, result: null };
  }
  const isTrue = greater(before, 0);
  const fired = areTruths.every(Boolean) ? isTrue : logicalAnd(isTrue, truths(areTruths));
  return { state: { values: before, mask: firstOf(fired) }, result: occurred(anyOf(fired)) };
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
  const { rootFinder, directions } = this;
  const { keepStep, numAccepted } = step;
  const conditions = conditionsOf(this);
  const { values: after, areTruths } = conditionValues(conditions, step.t1, step.y1, context);
  const now = { values: stopGradient(after), areTruths };
  const isFirst = (): Tensor => equal(numAccepted, 1);
  const crossed = firedIn(before.values, now, directions, isFirst);
  const fired = keepStep === true ? crossed : logicalAnd(crossed, keepStep);
  const hasEvent = anyOf(fired);
  const values = keepStep === true ? now.values : where(keepStep, now.values, before.values);
  if (rootFinder === null || areTruths.every(Boolean)) {
    const state = { values, mask: firstOf(fired) };
    return { state, step, wasCut: false, result: occurred(hasEvent) };
  }

  const { t1, y1, mask, wasCut, result } = cond(
    hasEvent,
    (): Cut =>
      cut(this, rootFinder, { before: before.values, fired, areTruths }, step, context, curve),
    () => ({
      t1: step.t1,
      y1: step.y1,
      mask: zeros([fired.length], { dtype: "bool" }),
      wasCut: zeros([], { dtype: "bool" }),
      result: resultTensor("successful"),
    }),
  );
  return { state: { values, mask }, step: { ...step, t1, y1 }, wasCut, result };
}

/** A step that ends at its event. */
interface Cut {
  readonly t1: Scalar;
  readonly y1: Tree;
  readonly mask: Tensor;
  /** Whether that is before its end. */
  readonly wasCut: Tensor;
  readonly result: Tensor;
}

function cut(
  event: Event,
  rootFinder: RootFinder,
  { before, fired, areTruths }: Pick<EventfulStep, "before" | "fired" | "areTruths">,
  { t0, t1, y1 }: StepMade,
  context: EventContext,
  curve: () => LocalInterpolation,
): Cut {
  const conditions = conditionsOf(event);
  const solution = curve();
  const valuesAt = (t: Scalar): Tensor =>
    conditionValues(conditions, t, solution.evaluate(t), context).values;
  const eventful = { t0, t1, valuesAt, before, fired, areTruths };
  const tolerances = tolerancesFor(rootFinder, context);
  const { t, mask, result } = locate(eventful, event.precedence, rootFinder, tolerances);
  const inside = where(less(t, t0), t0, t) as Scalar;
  const isFound = equal(result, resultTensor("successful"));
  const wasCut = logicalAnd(isFound, less(inside, t1));
  const pick = (a: Tensor, b: Tensor): Tensor => where(wasCut, a, b);
  return {
    t1: pick(inside, t1) as Scalar,
    y1: treeMap(pick, solution.evaluate(inside), y1),
    mask,
    wasCut,
    result: where(isFound, resultTensor("eventOccurred"), result),
  };
}

/** Those of the root finder, and of the step size controller where it has none. */
function tolerancesFor(
  { kind, rtol, atol }: RootFinder,
  { tolerances: given }: EventContext,
): Tolerances {
  const own = { rtol: rtol ?? given?.rtol, atol: atol ?? given?.atol };
  if (own.rtol !== undefined && own.atol !== undefined)
    return { rtol: own.rtol, atol: own.atol, norm: maxNorm };
  throw new TypeError(
    `Event: rootFinder: ${kind} has no tolerances, and neither has the step size controller; write ${kind}({ rtol: …, atol: … })`,
  );
}

function mask(this: Event, state: EventState): unknown {
  if (this.count !== null) return state.mask;
  return treeOf(
    this.condFn,
    Array.from({ length: state.mask.length }, (_, i) => state.mask.at(i)),
  );
}
