import {
  abs,
  all,
  astype,
  less,
  lessEqual,
  logicalAnd,
  minimum,
  mul,
  searchsorted,
  slice,
  sub,
  tensor,
  where,
} from "@diffrax-ts/array";
import { assert, isTraced } from "@diffrax-ts/autodiff";
import { scalarTensor } from "@diffrax-ts/program";
import type { EventContext, EventInfo, EventSpan } from "@diffrax-ts/protocol";
import { describeValue, type Scalar, type Tensor } from "@diffrax-ts/pytree";

/** Times as an option: in the order in which the solve comes to them, in the units of `t`. */
export type TimeList = readonly (number | Tensor)[] | Float64Array | Float32Array | Tensor;

/** The times of an option, `[n]`: a copy. @throws TypeError or RangeError for what are none, or not in order. */
export function checkTimes(given: unknown): Tensor {
  if (typeof given !== "object" || given === null) {
    throw new TypeError(`Event: at must be a list of times, got ${describeValue(given)}`);
  }
  const isEmpty = Array.isArray(given) && given.length === 0;
  const ts = isEmpty ? tensor(new Float64Array(0)) : tensor(given as Tensor);
  if (ts.shape.length !== 1)
    throw new TypeError(`Event: at must be a list of times, got shape [${ts.shape.join()}]`);
  if (!ts.dtype.startsWith("float"))
    throw new TypeError(`Event: at must be floating-point numbers, got ${ts.dtype}`);
  if (isTraced(ts)) return ts;
  const times = Float64Array.from(ts as Iterable<number>);
  const sign = times.length > 1 && times[1]! < times[0]! ? -1 : 1;
  for (const [i, t] of times.entries()) {
    if (!Number.isFinite(t)) throw new RangeError(`Event: at[${i}] must be finite, got ${t}`);
    if (i > 0 && !((t - times[i - 1]!) * sign > 0)) {
      throw new RangeError(
        `Event: at must be strictly increasing, or strictly decreasing for a solve backward in time; got at[${i - 1}] = ${times[i - 1]} and at[${i}] = ${t}`,
      );
    }
  }
  return tensor(times, { dtype: ts.dtype });
}

/** @throws RangeError for times that the solve does not come to, as far as that is known. */
export function checkSpan(at: Tensor, { t0, t1, dtype }: EventSpan): void {
  if (isTraced(at) || t0 === null || t1 === null) return;
  const times = [...(at.dtype === dtype ? at : astype(at, dtype))];
  const sign = t0 <= t1 ? 1 : -1;
  for (const [i, t] of times.entries()) {
    if (!((t - t0) * sign >= 0 && (t1 - t) * sign >= 0)) {
      throw new RangeError(
        `Event: at must lie between t0 = ${t0} and t1 = ${t1}, got at[${i}] = ${t}`,
      );
    }
    if (i > 0 && !((t - times[i - 1]!) * sign > 0)) {
      const order = sign > 0 ? "increasing" : "decreasing";
      throw new RangeError(
        `Event: at must be strictly ${order}, as time runs from t0 to t1; got at[${i - 1}] = ${times[i - 1]} and at[${i}] = ${t}`,
      );
    }
  }
}

/** Times at which something happens, in the time of the solve, which runs forward. */
export interface KnownTimes {
  readonly ts: Tensor;
}

/** The times of an option, as the solve comes to them. */
export function knownTimes(
  at: Tensor | null,
  { info, direction }: Pick<EventContext, "info" | "direction">,
): KnownTimes | null {
  if (at === null) return null;
  return { ts: mul(astype(at, info.t0.dtype), direction) };
}

/** What is known of them only when the solve runs is checked then. */
export function assertSpan(
  { ts }: KnownTimes,
  { t0, t1 }: Pick<EventInfo, "t0" | "t1">,
  direction: EventContext["direction"],
): void {
  if (ts.length === 0) return;
  const [from, to] = [mul(t0, direction), mul(t1, direction)];
  const isWithin = logicalAnd(lessEqual(from, ts.at(0)), lessEqual(ts.at(-1), to));
  const isInOrder = (): Tensor => all(less(slice(ts, [0, -1]), slice(ts, [1])));
  assert(
    ts.length === 1 ? isWithin : logicalAnd(isWithin, isInOrder()),
    "Event: at must lie between t0 and t1, strictly in the order in which time runs from one to the other, and be numbers",
  );
}

/** How many of the times are behind at `t`, or with `"right"` have come. */
function placeOf({ ts }: KnownTimes, t: Scalar, side: "left" | "right"): Tensor {
  return searchsorted(ts, t, { side });
}

/** Whether one of the times comes after `t0`, or at it if `isStart`, and not after `t1`. */
export function isDue(times: KnownTimes, t0: Scalar, t1: Scalar, isStart = false): Tensor {
  if (times.ts.length === 0) return scalarTensor("bool", 0);
  return less(placeOf(times, t0, isStart ? "left" : "right"), placeOf(times, t1, "right"));
}

/** The last time that has come at `t`, where one is due, and its number. */
export function lastOf(
  times: KnownTimes,
  t: Scalar,
): { readonly time: Scalar; readonly number: Scalar } {
  if (times.ts.length === 0) return { time: t, number: scalarTensor("int32", 0) };
  const number = sub(placeOf(times, t, "right"), 1) as Scalar;
  return { time: times.ts.at(number) as Scalar, number };
}

/** The end of a step: at the next of the times, if that is not later or as good as there. */
export function endAtNext(times: KnownTimes, t0: Scalar, t1: Scalar): Scalar {
  const { ts } = times;
  if (ts.length === 0) return t1;
  const place = placeOf(times, t0, "right");
  const next = ts.at(minimum(place, ts.length - 1)) as Scalar;
  const spacing = next.dtype === "float32" ? 2 ** -23 : 2 ** -52;
  // No tiny step is left before it.
  const limit = sub(next, mul(abs(next), 100 * spacing));
  return where(logicalAnd(less(place, ts.length), lessEqual(limit, t1)), next, t1) as Scalar;
}
