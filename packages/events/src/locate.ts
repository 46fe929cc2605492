import {
  abs,
  add,
  argmax,
  astype,
  equal,
  less,
  logicalAnd,
  logicalOr,
  mul,
  notEqual,
  sub,
  sum,
  where,
} from "@diffrax-ts/array";
import { stopGradient, treeLoop } from "@diffrax-ts/autodiff";
import { scalarTensor } from "@diffrax-ts/program";
import { resultTensor, type Tolerances } from "@diffrax-ts/protocol";
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
  /** The conditions that have a root at `t0`, where their events have been; left out if there are none. */
  readonly areAtRoot?: (() => Tensor) | undefined;
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
  const { t1, valuesAt, after, areTruths, fired } = step;
  const bracket =
    precedence === "tree" ? { low: step.t0, high: t1, fired } : firstBracket(step, tolerances);
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
    stopGradient(bracket.high),
    {
      options: { lower: bracket.low, upper: bracket.high },
      tolerances,
      throw: false,
    },
  );
  const result = root.result as Tensor;
  const fine = resultTensor("successful");
  // What only touches zero there has no slope to find it by.
  const isAtEnd = logicalAnd(equal(after.at(place), 0), equal(bracket.high, t1));
  const isMissed = logicalAnd(isAtEnd, notEqual(result, fine));
  const t = where(isMissed, t1, root.value) as Scalar;
  return { t, mask, result: where(isMissed, fine, result) };
}

/**
 * As often the step is halved in any case: from as near as that Newton's method finds a root. Where the solve goes on after it, from
 * nearer: one that is not found would be the end.
 */
const leastHalvings = { atEnd: 4, onTheWay: 10 };

/**
 * Halves the step until one event is left, or until those that are cannot be told apart. A condition that has left its side at a time
 * has its event before it; a truth value has its own at the end of the step.
 */
function firstBracket(
  { t0, t1, fired, valuesAt, before, areTruths, areAtRoot }: EventfulStep,
  { rtol, atol }: Tolerances,
): Bracket {
  const areNumbers = truths(areTruths.map((isTruth) => !isTruth));
  const numbersIn = (all: Tensor): Tensor => logicalAnd(all, areNumbers);
  const start = { ...stopGradient({ low: t0, high: t1, fired }), turns: scalarTensor("int32", 0) };
  const least = leastHalvings[areAtRoot === undefined ? "atEnd" : "onTheWay"];
  // A root at the start is not the one that is looked for.
  const hasOldRoot = (low: Scalar, left: Tensor): Tensor =>
    logicalAnd(equal(low, t0), anyOf(logicalAnd(left, areAtRoot!())));
  const goesOn = ({ low, high, fired: left, turns }: Halved): Tensor => {
    const isWide = less(add(mul(abs(high), rtol), atol), sub(high, low));
    const areSeveral = less(1, sum(astype(left, "int32")));
    const isDue = logicalOr(less(turns, least), logicalAnd(isWide, areSeveral));
    return logicalAnd(
      areAtRoot === undefined ? isDue : logicalOr(isDue, hasOldRoot(low, left)),
      anyOf(numbersIn(left)),
    );
  };
  const halve = ({ low, high, fired: left, turns }: Halved): Halved => {
    const middle = add(low, mul(sub(high, low), 0.5)) as Scalar;
    const earlier = logicalAnd(numbersIn(left), hasLeft(before, stopGradient(valuesAt(middle))));
    const isEarlier = anyOf(earlier);
    const pick = (a: Tensor, b: Tensor): never => where(isEarlier, a, b) as never;
    return {
      low: pick(low, middle),
      high: pick(middle, high),
      fired: pick(earlier, left),
      turns: add(turns, 1) as Scalar,
    };
  };
  return treeLoop<Halved>("Event", start, goesOn, halve, { bound: 64, isCounted: true });
}

interface Halved extends Bracket {
  readonly turns: Scalar;
}
