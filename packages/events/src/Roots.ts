// Where a condition has had its event at a root of it, rounding decides on its sign. Until it has left that, its side is the one that it
// leaves to, the sign of its derivative along the solution: so it has no event where it was, and has one where it comes back within the
// same step.
import {
  abs,
  add,
  astype,
  div,
  equal,
  full,
  greaterEqual,
  lessEqual,
  logicalAnd,
  maximum,
  mul,
  stopGradient,
  sub,
  where,
} from "@diffrax-ts/array";
import { cond, jvp, withDifferences } from "@diffrax-ts/autodiff";
import type { LocalInterpolation, StepMade, Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { type ConditionValues, conditionValues } from "./ConditionValues.ts";
import { anyOf, truths } from "./crossings.ts";
import { type Finding, timeTolerance } from "./findEvent.ts";

/** What is known of conditions that have had their event, `[n]`. */
export interface Roots {
  readonly [key: string]: Tree;
  /**
   * A condition whose event was at a root of it is still at that root while its value is not farther from zero than this; below zero for one
   * that is not at a root.
   */
  readonly floors: Tensor;
  /** Whether one of them is at a root. */
  readonly areAny: Tensor;
  /** When each had its last event, in the time of the solve. */
  readonly times: Tensor;
  /** How many events of conditions there have been. */
  readonly met: Tensor;
}

/** Where no event has been yet: what is zero there is at a root. */
export function rootsAt({ values, areTruths }: ConditionValues, met: Tensor): Roots {
  const { dtype, length } = values;
  const areZero = logicalAnd(numbersAmong(areTruths), equal(values, 0));
  return {
    floors: where(areZero, astype(0, dtype), none(values)),
    areAny: anyOf(areZero),
    times: full([length], -Infinity, { dtype }),
    met,
  };
}

/** The floor of a condition that is not at a root. */
function none({ dtype }: Tensor): Tensor {
  return astype(-1, dtype);
}

/** The roots with other floors. */
export function withFloors(roots: Roots, floors: Tensor): Roots {
  return { ...roots, floors, areAny: anyOf(greaterEqual(floors, 0)) };
}

export function areAtRoot({ floors }: Roots): Tensor {
  return greaterEqual(floors, 0);
}

/** The conditions that were at a root, and still are. */
export function haveStayed({ floors }: Roots, values: Tensor): Tensor {
  return lessEqual(abs(values), floors);
}

/** The floors of conditions that have left their roots, or not. */
export function floorsOf(roots: Roots, values: Tensor): Tensor {
  return where(haveStayed(roots, values), roots.floors, none(values));
}

/** An event, and the values of all conditions before and after it. */
interface Happened {
  readonly t: Scalar;
  /** Those that have had their events. */
  readonly had: Tensor;
  readonly areTruths: readonly boolean[];
  /** At the start and at the end of the step that it was in … */
  readonly ends: readonly [Tensor, Tensor];
  /** … before anything was changed … */
  readonly left: Tensor;
  /** … and after that. */
  readonly right: Tensor;
}

/** The floors of conditions after events: those that have had theirs, and have come to zero, are at a root. */
export function floorsAfter(
  roots: Roots,
  finding: Finding,
  { t0, t1 }: StepMade,
  { t, had, areTruths, ends, left, right }: Happened,
): Tensor {
  // As far as a condition gets in the time that the root finder cannot resolve, and what rounding makes of it.
  const tolerance = timeTolerance(finding, t);
  const rounding = 16 * spacing(t);
  const part =
    tolerance === null ? rounding : add(div(tolerance, maximum(sub(t1, t0), tolerance)), rounding);
  const size = add(abs(ends[0]), abs(ends[1]));
  const reach = add(mul(size, part), mul(abs(left), 2));
  const areNear = logicalAnd(numbersAmong(areTruths), lessEqual(abs(right), reach));
  return where(had, where(areNear, reach, none(t)), floorsOf(roots, right));
}

/** The values of conditions; of those that are at their root, the sign with which they leave it. */
export function leavingSides(
  roots: Roots,
  finding: Finding,
  last: Tensor,
  t0: Scalar,
  curve: () => LocalInterpolation,
): Tensor {
  const areFresh = logicalAnd(areAtRoot(roots), equal(last, 0));
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
export function spacing({ dtype }: Tensor): number {
  return dtype === "float32" ? 2 ** -23 : 2 ** -52;
}
