import {
  add,
  arange,
  astype,
  dynamicUpdateSlice,
  full,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  maximum,
  minimum,
  reshape,
  sub,
  sum,
  tensor,
  where,
} from "@diffrax-ts/array";
import type { Tree } from "@diffrax-ts/protocol";
import type { DType, Scalar, Tensor } from "@diffrax-ts/pytree";

/**
 * The ends of the steps that were rejected and have not been reached since: a stack that grows towards the front, with the nearest
 * of them on top.
 */
export interface RejectedTimes {
  readonly [key: string]: Tree;
  readonly ts: Tensor;
  /** The places at the front that are free. Below 0 there was no room for the last one. */
  readonly free: Scalar;
}

/** An empty stack. */
export function noRejectedTimes(size: number, dtype: DType): RejectedTimes {
  return { ts: full([size], Infinity, { dtype }), free: tensor(size, { dtype: "int32" }) };
}

/** The end of a step: no further than the nearest of the times. */
export function clipToRejected({ ts, free }: RejectedTimes, t1: Scalar): Scalar {
  const nearest = ts.at(within(free, ts));
  const isNear = logicalAnd(less(free, ts.length), less(nearest, t1));
  return where(isNear, nearest, t1) as Scalar;
}

/** The times after a step that ended at `t1`: without the one that it has reached, and with `t1` if the step was rejected. */
export function afterStep(
  { ts, free }: RejectedTimes,
  t1: Scalar,
  keepStep: Tensor | true,
): RejectedTimes {
  const isReached = logicalAnd(less(free, ts.length), lessEqual(ts.at(within(free, ts)), t1));
  const left = add(free, astype(isReached, "int32")) as Scalar;
  if (keepStep === true) return { ts, free: left };
  const top = sub(left, astype(logicalNot(keepStep), "int32")) as Scalar;
  const place = within(top, ts);
  const value = where(keepStep, ts.at(place), t1);
  return { ts: dynamicUpdateSlice(ts, reshape(value, [1]), [place]), free: top };
}

/** The times that come after `t0`. */
export function laterThan({ ts, free }: RejectedTimes, t0: Scalar): RejectedTimes {
  const isHeld = lessEqual(free, arange(ts.length, { dtype: "int32" }));
  const isPast = logicalAnd(isHeld, lessEqual(ts, t0));
  return { ts, free: add(free, sum(astype(isPast, "int32"))) as Scalar };
}

function within(place: Scalar, ts: Tensor): Scalar {
  return minimum(maximum(place, 0), ts.length - 1);
}
