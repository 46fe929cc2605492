import {
  add,
  equal,
  less,
  logicalAnd,
  logicalOr,
  minimum,
  nextafter,
  searchsorted,
  stopGradient,
  sub,
  where,
} from "@diffrax-ts/array";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

// A time moves with the time that it is next to: `nextafter` has the derivative zero, and these have one.

/** The floating-point number after a time. */
export function after(t: Scalar): Scalar {
  return beside(t, Infinity);
}

function before(t: Scalar): Scalar {
  return beside(t, -Infinity);
}

function beside(t: Scalar, towards: number): Scalar {
  return add(t, stopGradient(sub(nextafter(t, towards), t))) as Scalar; // exact: the difference is one spacing
}

/** A time that was moved past another. */
export interface Passed {
  readonly t: Scalar;
  /** Made when it is asked for: a trace refuses conditions that nobody uses. */
  readonly hasPassed: () => Tensor;
}

/** A time that lies just before one of several, or on it, moved to just after that. */
export function past(t: Scalar, ts: Tensor): Passed {
  const next = ts.at(minimum(searchsorted(ts, t), ts.length - 1));
  const isOn = equal(next, t);
  const isBefore = equal(next, after(t));
  const moved = where(isBefore, after(after(t)), t);
  return { t: where(isOn, after(t), moved) as Scalar, hasPassed: () => logicalOr(isOn, isBefore) };
}

/**
 * The end of a step: no further than the next of several times, sorted.
 *
 * @param from - The time that the next one comes after.
 * @param end - Whether the step ends on that time, or on the floating-point number before it.
 */
export function clipTo(ts: Tensor, from: Scalar, t1: Scalar, end: "on" | "before"): Scalar {
  const place = searchsorted(ts, from, { side: "right" });
  const next = ts.at(minimum(place, ts.length - 1)) as Scalar;
  const limit = end === "on" ? next : before(next);
  const isNear = logicalAnd(less(place, ts.length), less(limit, t1));
  return where(isNear, limit, t1) as Scalar;
}
