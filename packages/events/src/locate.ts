import {
  abs,
  add,
  argmax,
  astype,
  div,
  less,
  logicalAnd,
  mul,
  sub,
  sum,
  where,
} from "@diffrax-ts/array";
import { stopGradient, treeLoop } from "@diffrax-ts/autodiff";
import type { Tolerances } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { type RootFinder, rootFind } from "@diffrax-ts/root-finders";
import { anyOf, firstOf, hasLeft, truths } from "./crossings.ts";

/** A step with an event in it. */
export interface EventfulStep {
  readonly t0: Scalar;
  readonly t1: Scalar;
  /** The values of all conditions at a time, `[n]`. */
  readonly valuesAt: (t: Scalar) => Tensor;
  /** Values at `t0`. */
  readonly before: Tensor;
  /** Values at `t1`. */
  readonly after: Tensor;
  /** The conditions that have an event in this step. */
  readonly fired: Tensor;
  readonly areTruths: readonly boolean[];
}

/** Where the event of a step lies. */
export interface Located {
  readonly t: Scalar;
  /** Which condition it is. */
  readonly mask: Tensor;
  /** That of the root finder. */
  readonly result: Tensor;
}

/** An interval in which the first event lies, and the events in it. */
interface Bracket {
  readonly low: Scalar;
  readonly high: Scalar;
  readonly atLow: Tensor;
  readonly atHigh: Tensor;
  readonly fired: Tensor;
}

/**
 * The first event of a step: its time is a root of its condition, or the end of the step if it is a truth value. Of several that are
 * closer to one another than the root finder can tell, it is the first in the tree.
 *
 * The choice carries no derivative. That of the time is the derivative of a root.
 */
export function locate(
  step: EventfulStep,
  precedence: "time" | "tree",
  rootFinder: RootFinder,
  tolerances: Tolerances,
): Located {
  const { t1, valuesAt, areTruths, before, after, fired } = step;
  const whole: Bracket = { low: step.t0, high: t1, atLow: before, atHigh: after, fired };
  const isAlone = precedence === "tree" || fired.length === 1;
  const bracket = isAlone ? whole : firstBracket(step, whole, tolerances);
  const mask = firstOf(bracket.fired);
  const place = argmax(astype(mask, "int32"));
  const isTruth = areTruths.some(Boolean) ? truths(areTruths).at(place) : null;
  /** Of a truth value, the distance to the end of the step. */
  const residual = (values: Tensor, t: Scalar): Scalar => {
    const value = values.at(place) as Scalar;
    return isTruth === null ? value : (where(isTruth, sub(t, t1), value) as Scalar);
  };
  const root = rootFind(
    (t: Scalar) => residual(valuesAt(t), t),
    rootFinder,
    guess(bracket, place),
    {
      options: { lower: bracket.low, upper: bracket.high },
      tolerances,
      throw: false,
    },
  );
  return { t: root.value, mask, result: root.result as Tensor };
}

/** Where a straight line through the ends of the bracket is zero. */
function guess({ low, high, atLow, atHigh }: Bracket, place: Scalar): Scalar {
  const [a, b] = [atLow.at(place), atHigh.at(place)];
  const t = add(low, mul(sub(high, low), div(a, sub(a, b))));
  const isInside = logicalAnd(less(low, t), less(t, high));
  return stopGradient(where(isInside, t, high)) as Scalar;
}

/**
 * Halves the step until one event is left, or until those that are cannot be told apart. A condition that has left its side at a time
 * has its event before it; a truth value has its own at the end of the step.
 */
function firstBracket(step: EventfulStep, whole: Bracket, tolerances: Tolerances): Bracket {
  const { valuesAt, before, areTruths } = step;
  const areNumbers = truths(areTruths.map((isTruth) => !isTruth));
  const start = stopGradient(whole);
  const goesOn = ({ low, high, fired }: Bracket): Tensor => {
    const resolution = add(mul(abs(high), tolerances.rtol), tolerances.atol);
    const isWide = less(resolution, sub(high, low));
    const areSeveral = less(1, sum(astype(fired, "int32")));
    return logicalAnd(logicalAnd(isWide, areSeveral), anyOf(logicalAnd(fired, areNumbers)));
  };
  const halve = ({ low, high, atLow, atHigh, fired }: Bracket): Bracket => {
    const middle = add(low, mul(sub(high, low), 0.5)) as Scalar;
    const values = stopGradient(valuesAt(middle));
    const earlier = logicalAnd(logicalAnd(fired, areNumbers), hasLeft(before, values));
    const isEarlier = anyOf(earlier);
    const pick = (a: Tensor, b: Tensor): never => where(isEarlier, a, b) as never;
    return {
      low: pick(low, middle),
      high: pick(middle, high),
      atLow: pick(atLow, values),
      atHigh: pick(values, atHigh),
      fired: pick(earlier, fired),
    };
  };
  return treeLoop<Bracket>("Event", start, goesOn, halve, { bound: 64, isCounted: true });
}
