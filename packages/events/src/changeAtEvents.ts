import {
  add,
  argmax,
  abs,
  astype,
  equal,
  greaterEqual,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  mul,
  stopGradient,
  sub,
  where,
  zeros,
} from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
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
import { type ConditionValues, conditionValues } from "./ConditionValues.ts";
import { anyOf, firedIn, mayFire } from "./crossings.ts";
import type { EventTrack } from "./EventTrack.ts";
import { findEvent, type FoundEvent } from "./findEvent.ts";
import { type Changing, eventsAt, type Sight } from "./Instant.ts";
import { isDue } from "./KnownTimes.ts";
import {
  areAtRoot,
  floorsAfter,
  floorsOf,
  haveStayed,
  leavingSides,
  type Roots,
  spacing,
  withFloors,
} from "./Roots.ts";

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

/** Changes the state at the first event of a step, which is cut there. */
export function changeAtEvents(
  changing: Changing,
  carried: Carried,
  after: ConditionValues,
  step: StepMade,
  curve: () => LocalInterpolation,
): Changed {
  const { keepStep } = step;
  const { values: last, roots } = carried;
  const kept = (now: Tensor, before: Tensor): Tensor =>
    keepStep === true ? now : where(keepStep, now, before);
  const without = (more: Pick<Met, "values" | "roots">): Met => ({
    ...noEvent(carried, step),
    ...more,
  });
  const closer = (): Met => {
    const before = after.areTruths.every(Boolean)
      ? last
      : leavingSides(roots, changing.finding, last, step.t0, curve);
    const sight = sightOf(changing, roots, before);
    const crossed = sight.crossed(after, before);
    const fired = keepStep === true ? crossed : logicalAnd(crossed, keepStep);
    const atNone = (): Met =>
      without({
        values: kept(sight.sidesOf(after.values), last),
        roots: withFloors(roots, kept(floorsOf(roots, after.values), roots.floors)),
      });
    const atEvent = (): Met =>
      changeAtFirst(changing, { ...carried, after, before, fired, sight }, step, curve);
    return cond(anyOf(fired), atEvent, atNone);
  };
  const mayCross = mayFire(after, last, keepStep);
  const quiet = (): Met => without({ values: kept(after.values, last), roots });
  const { t, left, y, isCut, isNew, ...met } =
    mayCross === null ? closer() : cond(logicalOr(roots.areAny, mayCross), closer, quiet);
  const mayCut = changing.finding.rootFinder !== null && !after.areTruths.every(Boolean);
  return {
    ...met,
    step: { ...step, t1: t, y1: left },
    wasCut: mayCut ? isCut : false,
    change: { isNew, y },
  };
}

/** A step without an event. */
function noEvent(carried: Carried, { t1, y1 }: StepMade): Met {
  return {
    ...carried,
    t: t1,
    left: y1,
    y: y1,
    mask: zeros([carried.values.length], { dtype: "bool" }),
    isCut: scalarTensor("bool", 0),
    isNew: scalarTensor("bool", 0),
    result: resultTensor("successful"),
  };
}

/** How conditions are seen that were on some sides. */
function sightOf({ directions }: Changing, roots: Roots, before: Tensor): Sight {
  const isExempt = (): Tensor => areAtRoot(roots);
  return {
    crossed: (now, sides) =>
      logicalAnd(
        firedIn(now, { before: sides, directions, isExempt, risesOnly: true }),
        logicalNot(haveStayed(roots, now.values)),
      ),
    sidesOf: (values) => where(haveStayed(roots, values), before, values),
  };
}

/** A step that has an event. */
interface Eventful extends Carried {
  readonly after: ConditionValues;
  /** The sides that conditions were on at its start. */
  readonly before: Tensor;
  readonly fired: Tensor;
  readonly sight: Sight;
}

function changeAtFirst(
  changing: Changing,
  { values: last, roots, rows, after, before, fired, sight }: Eventful,
  step: StepMade,
  curve: () => LocalInterpolation,
): Met {
  const { finding, times } = changing;
  const { areTruths } = after;
  const first = findEvent(
    finding,
    { before, after: after.values, fired, areTruths, areAtRoot: () => areAtRoot(roots) },
    step,
    curve,
  );
  const { t, y } = first;
  const isFound = equal(first.result, resultTensor("successful"));
  const isAgain = logicalAnd(isFound, hasJustBeen(roots, first, step));

  const due = times === null ? undefined : isDue(times, step.t0, t);
  const seen = conditionValues(finding.conditions, t, y, finding.context, due);
  const left = { ...seen, values: stopGradient(seen.values) };
  const happens = logicalAnd(isFound, logicalNot(isAgain));
  const start = {
    y,
    values: left.values,
    sides: sight.sidesOf(left.values),
    pending: logicalAnd(happens, logicalOr(first.mask, sight.crossed(left, before))),
    rows,
    met: roots.met,
  };
  const all = eventsAt(changing, t, start, sight);
  const { had } = all;

  const at = stopGradient(t);
  const ends = [last, after.values] as const;
  const happened = { t: at, had, areTruths, ends, left: left.values, right: all.values };
  const floors = floorsAfter(roots, finding, step, happened);
  const own = where(greaterEqual(floors, 0), astype(0, at.dtype), all.values);
  const found = where(isAgain, resultTensor("eventsAccumulate"), first.result);
  return {
    t,
    left: y,
    y: all.y,
    values: where(had, own, all.sides),
    roots: withFloors({ ...roots, times: where(had, at, roots.times), met: all.met }, floors),
    rows: all.rows,
    mask: all.mask,
    isCut: first.isInside,
    isNew: all.isNew,
    result: where(all.isOver, resultTensor("eventOccurred"), found),
  };
}

/** Whether the last event of the same condition is at a time that cannot be told from this one. */
function hasJustBeen({ times }: Roots, { t, mask }: FoundEvent, { t0, t1 }: StepMade): Tensor {
  const at = stopGradient(t);
  const resolution = mul(add(abs(at), sub(t1, t0)), 32 * spacing(at));
  return lessEqual(sub(at, times.at(argmax(astype(mask, "int32")))), resolution);
}
