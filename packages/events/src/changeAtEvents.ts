import {
  abs,
  add,
  argmax,
  astype,
  div,
  equal,
  full,
  greater,
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
import { cond, jvp, withDifferences } from "@diffrax-ts/autodiff";
import { scalarTensor } from "@diffrax-ts/program";
import {
  type EventChange,
  type EventMet,
  type LocalInterpolation,
  resultTensor,
  type StepMade,
  type TracedResult,
  type Tree,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { type ConditionValues, conditionValues } from "./ConditionValues.ts";
import { anyOf, firedIn, truths } from "./crossings.ts";
import type { EventTrack } from "./EventTrack.ts";
import { findEvent, type Finding, timeTolerance } from "./findEvent.ts";
import { type Changing, eventsAt } from "./Instant.ts";
import { isDue } from "./KnownTimes.ts";

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
  /** How many events of conditions there have been. */
  readonly met: Tensor;
}

/** Where a solve begins whose events change the state. */
interface ChangingStart {
  readonly t0: Scalar;
  readonly y0: Tree;
  readonly rows: EventTrack;
  /** Whether a truth value that is true there ends the solve. */
  readonly endsAtTruth: boolean;
}

/** Where no event has been yet: what is zero there is at a root. */
export function rootsAt({ values, areTruths }: ConditionValues, met: Tensor): Roots {
  const { dtype, length } = values;
  const areZero = logicalAnd(numbersAmong(areTruths), equal(values, 0));
  return {
    floors: where(areZero, astype(0, dtype), astype(-1, dtype)),
    times: full([length], -Infinity, { dtype }),
    met,
  };
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

/** What is carried from step to step. */
export interface Carried {
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
  changing: Changing,
  { values: last, roots, rows }: Carried,
  after: ConditionValues,
  step: StepMade,
  curve: () => LocalInterpolation,
): Changed {
  const { finding, directions, times } = changing;
  const { conditions, context, rootFinder } = finding;
  const { areTruths } = after;
  const { keepStep } = step;
  const areAtRoot = (): Tensor => greaterEqual(roots.floors, 0);
  const before = areTruths.every(Boolean)
    ? last
    : leavingSides(finding, logicalAnd(areAtRoot(), equal(last, 0)), last, step.t0, curve);
  const haveStayed = (values: Tensor): Tensor => lessEqual(abs(values), roots.floors);
  const sidesOf = (values: Tensor): Tensor => where(haveStayed(values), before, values);
  const crossed = (now: ConditionValues, sides: Tensor): Tensor =>
    logicalAnd(
      firedIn(now, { before: sides, directions, isExempt: areAtRoot, risesOnly: true }),
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

    const due = times === null ? undefined : isDue(times, step.t0, t);
    const seen = conditionValues(conditions, t, y, context, due);
    const left = { ...seen, values: stopGradient(seen.values) };
    const start = {
      y,
      values: left.values,
      sides: sidesOf(left.values),
      pending: logicalAnd(goesOn, logicalOr(found.mask, crossed(left, before))),
      rows,
      met: roots.met,
    };
    const all = eventsAt(changing, t, start, { crossed, sidesOf });

    // As far as a condition gets in the time that the root finder cannot resolve, and what rounding makes of it.
    const tolerance = timeTolerance(finding, at);
    const size = add(abs(last), abs(after.values));
    const rounding = 16 * spacing(at);
    const part =
      tolerance === null ? rounding : add(div(tolerance, maximum(length, tolerance)), rounding);
    const reach = add(mul(size, part), mul(abs(left.values), 2));
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
      roots: {
        floors: pick(reach, roots.floors),
        times: where(all.had, at, roots.times),
        met: all.met,
      },
      rows: all.rows,
      mask: all.mask,
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
      met: roots.met,
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

/** The values of conditions; of those that are at their root, the sign with which they leave it. */
function leavingSides(
  finding: Finding,
  areFresh: Tensor,
  last: Tensor,
  t0: Scalar,
  curve: () => LocalInterpolation,
): Tensor {
  return cond(
    anyOf(areFresh),
    () => where(areFresh, slopesAt(finding, t0, curve), last),
    () => last,
  );
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
