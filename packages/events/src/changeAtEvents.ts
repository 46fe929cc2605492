import {
  abs,
  add,
  argmax,
  astype,
  div,
  equal,
  full,
  greaterEqual,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  maximum,
  mul,
  stopGradient,
  sub,
  where,
  zeros,
} from "@diffrax-ts/array";
import { cond, jvp, treeLoop, withDifferences } from "@diffrax-ts/autodiff";
import { scalarTensor } from "@diffrax-ts/program";
import {
  type EventChange,
  type EventMet,
  type LocalInterpolation,
  resultTensor,
  type StepMade,
  type Tree,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { type Changes, changedState } from "./changes.ts";
import { type ConditionValues, conditionValues } from "./ConditionValues.ts";
import { anyOf, type Direction, firedIn, firstOf, truths } from "./crossings.ts";
import { type EventTrack, type Room, writeEvent } from "./EventTrack.ts";
import { findEvent, type Finding, timeTolerance } from "./findEvent.ts";

/** What is known of conditions that have had their event, `[n]`. */
export interface Roots {
  readonly [key: string]: Tree;
  /**
   * A condition whose event was at a root of it is still at that root while its value is not farther from zero than this; below zero for one
   * that is not at a root.
   */
  readonly floors: Tensor;
  /** When each had its last event, in the time of the solve. */
  readonly times: Tensor;
}

/** At the start: what is zero there is at a root. */
export function rootsAtStart({ values, areTruths }: ConditionValues): Roots {
  const areZero = logicalAnd(numbersAmong(areTruths), equal(values, 0));
  const { dtype } = values;
  return {
    floors: where(areZero, astype(0, dtype), astype(-1, dtype)),
    times: full([values.length], -Infinity, { dtype }),
  };
}

/** What is done at events. */
export interface Changing {
  readonly finding: Finding;
  readonly directions: readonly Direction[];
  readonly changes: Changes;
  /** The number of the event that ends the solve; `null` if none does. */
  readonly end: number | null;
  readonly room: Room;
}

/** What is carried from step to step. */
interface Carried {
  readonly values: Tensor;
  readonly roots: Roots;
  readonly rows: EventTrack;
}

/** A step that was met. */
interface Changed extends Carried, Omit<EventMet<Tree>, "state"> {
  readonly mask: Tensor;
  readonly change: EventChange;
}

/**
 * Changes the state at the first event of a step, which is cut there.
 *
 * The condition that has had its event is at its root then, where rounding decides on its sign. Until it has left that, its side is the one
 * that it leaves to, the sign of its derivative along the solution: so it has no event where it was, and has one where it comes
 * back within the same step.
 */
export function changeAtEvents(
  { finding, directions, changes, end, room }: Changing,
  { values: last, roots, rows }: Carried,
  after: ConditionValues,
  step: StepMade,
  curve: () => LocalInterpolation,
): Changed {
  const { conditions, context, rootFinder } = finding;
  const { areTruths } = after;
  const { keepStep } = step;
  const areAtRoot = greaterEqual(roots.floors, 0);
  const areFresh = logicalAnd(areAtRoot, equal(last, 0));
  const slopes = (): Tensor => where(areFresh, slopesAt(finding, step.t0, curve), last);
  const before = cond(anyOf(areFresh), slopes, () => last);
  const haveStayed = (values: Tensor): Tensor => lessEqual(abs(values), roots.floors);
  const sidesOf = (values: Tensor): Tensor => where(haveStayed(values), before, values);
  const crossed = (now: ConditionValues, sides: Tensor): Tensor =>
    logicalAnd(
      firedIn(now, { before: sides, directions, isExempt: () => areAtRoot, risesOnly: true }),
      logicalNot(haveStayed(now.values)),
    );
  const kept = (now: Tensor, else_: Tensor): Tensor =>
    keepStep === true ? now : where(keepStep, now, else_);
  const ofStep = crossed(after, before);
  const fired = keepStep === true ? ofStep : logicalAnd(ofStep, keepStep);
  const none = zeros([last.length], { dtype: "bool" });
  const no = scalarTensor("bool", 0);
  const fine = resultTensor("successful");

  const atEvent = (): Met => {
    const eventful = { before, after: after.values, fired, areTruths, areAtRoot };
    const found = findEvent(finding, eventful, step, curve);
    const { t, y } = found;
    const at = stopGradient(t);
    const length = sub(step.t1, step.t0);
    const isFound = equal(found.result, fine);
    const gap = sub(at, roots.times.at(argmax(astype(found.mask, "int32"))));
    const resolution = mul(add(abs(at), length), 32 * spacing(at));
    const isAgain = logicalAnd(isFound, lessEqual(gap, resolution));
    const goesOn = logicalAnd(isFound, logicalNot(isAgain));

    const valuesOf = (state: Tree): ConditionValues => {
      const { values, ...rest } = conditionValues(conditions, t, state, context);
      return { values: stopGradient(values), ...rest };
    };
    const left = valuesOf(y);
    const start: Instant = {
      y,
      values: left.values,
      sides: sidesOf(left.values),
      pending: logicalAnd(goesOn, logicalOr(found.mask, crossed(left, before))),
      had: none,
      mask: none,
      rows,
      isOver: no,
      isNew: no,
    };
    const one = (now: Instant): Instant => {
      const mask = firstOf(now.pending);
      const index = argmax(astype(mask, "int32"));
      const time = mul(t, context.direction);
      const written = writeEvent(now.rows, room, { t: time, y: now.y, index });
      const isOver = end === null ? no : equal(written.count, end);
      const change = (): Tree => changedState(changes, index, t, now.y, context);
      const state = end === null ? change() : cond(isOver, () => now.y, change);
      const next = valuesOf(state);
      const had = logicalOr(now.had, mask);
      const others = logicalOr(now.pending, crossed(next, now.sides));
      return {
        y: state,
        values: next.values,
        sides: sidesOf(next.values),
        pending: logicalAnd(others, logicalNot(had)),
        had,
        mask,
        rows: written,
        isOver,
        isNew: logicalOr(now.isNew, logicalNot(isOver)),
      };
    };
    const goesOnNow = ({ pending, isOver }: Instant): Tensor =>
      logicalAnd(anyOf(pending), logicalNot(isOver));
    const all = treeLoop<Instant>("Event", start, goesOnNow, one, { bound: last.length });

    // As far as a condition gets in the time that the root finder cannot resolve, and what rounding makes of it.
    const tolerance = timeTolerance(finding, at);
    const size = add(abs(last), abs(after.values));
    const part = tolerance === null ? 0 : div(tolerance, maximum(length, tolerance));
    const reach = add(mul(size, add(part, 16 * spacing(at))), mul(abs(left.values), 2));
    const areNear = logicalAnd(numbersAmong(areTruths), lessEqual(abs(all.values), reach));
    const stay = haveStayed(all.values);
    const pick = (own: Tensor | number, other: Tensor | number): Tensor =>
      where(
        all.had,
        where(areNear, own, astype(-1, at.dtype)),
        where(stay, other, astype(-1, at.dtype)),
      );
    const result = where(isAgain, resultTensor("eventsAccumulate"), found.result);
    return {
      t,
      left: y,
      y: all.y,
      values: where(all.had, where(areNear, astype(0, at.dtype), all.values), all.sides),
      roots: { floors: pick(reach, roots.floors), times: where(all.had, at, roots.times) },
      rows: all.rows,
      mask: logicalAnd(all.mask, all.isOver),
      isCut: found.isInside,
      isNew: all.isNew,
      result: where(all.isOver, resultTensor("eventOccurred"), result),
    };
  };
  const atNone = (): Met => ({
    t: step.t1,
    left: step.y1,
    y: step.y1,
    values: kept(sidesOf(after.values), last),
    roots: {
      floors: kept(
        where(haveStayed(after.values), roots.floors, astype(-1, last.dtype)),
        roots.floors,
      ),
      times: roots.times,
    },
    rows,
    mask: none,
    isCut: no,
    isNew: no,
    result: fine,
  });
  const { t, left, y, isCut, isNew, ...met } = cond(anyOf(fired), atEvent, atNone);
  return {
    ...met,
    step: { ...step, t1: t, y1: left },
    wasCut: rootFinder === null || areTruths.every(Boolean) ? false : isCut,
    change: { isNew, y },
  };
}

/** What becomes of a step, with or without an event. */
interface Met extends Carried {
  readonly t: Scalar;
  /** The state there before it is changed … */
  readonly left: Tree;
  /** … and after. */
  readonly y: Tree;
  readonly mask: Tensor;
  readonly isCut: Tensor;
  readonly isNew: Tensor;
  readonly result: Tensor;
}

/** Events at one time: a change may take other conditions across zero, which have their events next. Each has one at most. */
interface Instant {
  readonly y: Tree;
  readonly values: Tensor;
  /** The values, as they count where a condition is at its root. */
  readonly sides: Tensor;
  readonly pending: Tensor;
  readonly had: Tensor;
  /** The last one. */
  readonly mask: Tensor;
  readonly rows: EventTrack;
  readonly isOver: Tensor;
  readonly isNew: Tensor;
}

/** The derivatives of conditions along the solution in a step. */
function slopesAt(
  { conditions, context }: Finding,
  t0: Scalar,
  curve: () => LocalInterpolation,
): Tensor {
  const solution = curve();
  const valuesAt = (t: Scalar): Tensor =>
    conditionValues(conditions, t, solution.evaluate(t), context).values;
  const at = stopGradient(t0);
  const one = astype(1, t0.dtype);
  return stopGradient(withDifferences(() => jvp(valuesAt, [at], [one]).tangent));
}

function numbersAmong(areTruths: readonly boolean[]): Tensor {
  return truths(areTruths.map((isTruth) => !isTruth));
}

/** Of floating-point numbers next to 1. */
function spacing({ dtype }: Tensor): number {
  return dtype === "float32" ? 2 ** -23 : 2 ** -52;
}
