import { abs, add, equal, less, logicalAnd, mul, where } from "@diffrax-ts/array";
import { scalarTensor } from "@diffrax-ts/program";
import {
  type EventContext,
  type LocalInterpolation,
  maxNorm,
  resultTensor,
  type StepMade,
  type Tolerances,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { RootFinder } from "@diffrax-ts/root-finders";
import { type Conditions, conditionValues } from "./ConditionValues.ts";
import { firstOf } from "./crossings.ts";
import { type EventfulStep, locate } from "./locate.ts";

/** Where the first event of a step lies. */
export interface FoundEvent {
  readonly t: Scalar;
  readonly y: Tree;
  readonly mask: Tensor;
  /** Whether that is before the end of the step. */
  readonly isInside: Tensor;
  /** That of the root finder. */
  readonly result: Tensor;
}

/** How events are located. */
export interface Finding {
  readonly conditions: Conditions;
  readonly rootFinder: RootFinder | null;
  readonly precedence: "time" | "tree";
  readonly context: EventContext;
}

/** The first event of a step, on the curve that the solver draws through it; without a root finder at its end. */
export function findEvent(
  { conditions, rootFinder, precedence, context }: Finding,
  { before, after, fired, areTruths, areAtRoot }: Omit<EventfulStep, "t0" | "t1" | "valuesAt">,
  { t0, t1, y1 }: StepMade,
  curve: () => LocalInterpolation,
): FoundEvent {
  if (rootFinder === null || areTruths.every(Boolean)) {
    const result = resultTensor("successful");
    return { t: t1, y: y1, mask: firstOf(fired), isInside: scalarTensor("bool", 0), result };
  }
  const solution = curve();
  const valuesAt = (t: Scalar): Tensor =>
    conditionValues(conditions, t, solution.evaluate(t), context).values;
  const eventful = { t0, t1, valuesAt, before, after, fired, areTruths, areAtRoot };
  const tolerances = tolerancesFor(rootFinder, context);
  const { t, mask, result } = locate(eventful, precedence, rootFinder, tolerances);
  const inside = where(less(t, t0), t0, t) as Scalar;
  const isInside = logicalAnd(equal(result, resultTensor("successful")), less(inside, t1));
  const pick = (a: Tensor, b: Tensor): Tensor => where(isInside, a, b);
  return {
    t: pick(inside, t1) as Scalar,
    y: treeMap(pick, solution.evaluate(inside), y1),
    mask,
    isInside,
    result,
  };
}

/** The times that the root finder does not tell apart; `null` without one. */
export function timeTolerance({ rootFinder, context }: Finding, t: Scalar): Tensor | null {
  if (rootFinder === null) return null;
  const { rtol, atol } = tolerancesFor(rootFinder, context);
  return add(mul(abs(t), rtol), atol);
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
