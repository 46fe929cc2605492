import { asTensor, isTraced } from "@diffrax-ts/autodiff";
import type { SolveInputs } from "@diffrax-ts/protocol";
import { describeValue, isStrided, isTensor, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import type { SubSaveAt } from "@diffrax-ts/saveat";

/** The dtypes that a solve can have. */
type TimeDType = SolveInputs["dtype"];

/** A time as the solve sees it: rounded to its dtype, so that what is equal there is equal here. */
function requireFinite(name: string, t: unknown, dtype: TimeDType, index?: number): number {
  const rounded = dtype === "float32" && typeof t === "number" ? Math.fround(t) : t;
  if (Number.isFinite(rounded)) return rounded as number;
  const path = index === undefined ? name : `${name}[${index}]`;
  if (typeof t !== "number")
    throw new TypeError(`diffeqsolve: ${path} must be a number, got ${describeValue(t)}`);
  const why = Number.isFinite(t) ? ", which is infinite in float32" : "";
  throw new RangeError(`diffeqsolve: ${path} must be finite, got ${t}${why}`);
}

/** A time or a step as far as it is known before anything runs; `null` if it is traced. */
export function knownTime(name: string, x: unknown, dtype: TimeDType): number | null {
  const t = isStrided(x) ? asTensor(x, name) : x;
  if (!isTensor(t) || t.shape.length > 0) return requireFinite(name, t, dtype);
  return isTraced(t) ? null : requireFinite(name, t.item(), dtype);
}

/** The end of a solve: where something else ends it before it may be infinite. */
export function knownEnd(x: unknown, dtype: TimeDType, mayBeEndless: boolean): number | null {
  const isInfinite = (t: unknown): t is number => t === Infinity || t === -Infinity;
  const t = isTensor(x) && x.shape.length === 0 && !isTraced(x) ? x.item() : x;
  if (!isInfinite(t)) return knownTime("t1", x, dtype);
  if (mayBeEndless) return t;
  throw new RangeError(
    `diffeqsolve: t1 must be finite, got ${t}; without an end a solve needs an event that ends it`,
  );
}

/** The interval of a solve as far as it is known before anything runs; what is traced is `null`. */
export interface KnownSpan {
  readonly t0: number | null;
  readonly t1: number | null;
  readonly dtype: TimeDType;
}

/** The first step size: its number, `"auto"` if it is to be chosen, `null` if it is traced. */
export function knownStep(dt0: unknown, { t0, t1, dtype }: KnownSpan): number | "auto" | null {
  if (dt0 === undefined) {
    throw new TypeError(
      "diffeqsolve: dt0 is missing; give the first step size, or dt0: null to have it chosen by an adaptive " +
        "stepsizeController such as PIDController({ rtol: 1e-6, atol: 1e-9 })",
    );
  }
  if (dt0 === null) return "auto";
  const dt = knownTime("dt0", dt0, dtype);
  if (dt === 0) {
    const given = dt0 === 0 ? "" : `, as ${describeValue(dt0)} is in float32`;
    throw new RangeError(`diffeqsolve: dt0 must not be 0${given}; dt0: null chooses a first step`);
  }
  if (t0 !== null && t1 !== null && dt !== null && (t1 - t0) * Math.sign(dt) < 0) {
    const sign = t1 > t0 ? "positive" : "negative";
    throw new RangeError(
      `diffeqsolve: dt0 must be ${sign} to lead from t0 = ${t0} to t1 = ${t1}, got ${dt}`,
    );
  }
  return dt;
}

/** The direction of time as far as it is known. An interval of no length has that of its first step. */
export function knownDirection(
  { t0, t1 }: KnownSpan,
  dt0: number | "auto" | null,
): "forward" | "backward" | "traced" {
  if (t0 === null || t1 === null) return "traced";
  if (t0 !== t1) return t0 < t1 ? "forward" : "backward";
  if (dt0 === null) return "traced";
  return dt0 === "auto" || dt0 > 0 ? "forward" : "backward";
}

/** The times of one thing to save as a leaf, once they are known to make sense. */
export function checkedTimes(
  list: NonNullable<SubSaveAt["ts"]>,
  name: string,
  { t0, t1, dtype }: KnownSpan,
): Leaf {
  if (isTensor(list) && isTraced(list)) return list;
  const ts = isStrided(list) ? asTensor(list, name) : list;
  const sign = t0 === null || t1 === null ? 0 : t0 <= t1 ? 1 : -1;
  let before = -Infinity;
  let i = 0;
  for (const x of ts) {
    const t = requireFinite(name, x, dtype, i);
    if (sign !== 0) {
      if ((t - t0!) * sign < 0 || (t1! - t) * sign < 0) {
        throw new RangeError(
          `diffeqsolve: ${name} must lie between t0 = ${t0} and t1 = ${t1}, got ${name}[${i}] = ${t}`,
        );
      }
      if (t * sign < before) {
        const order = sign > 0 ? "increasing" : "decreasing";
        throw new RangeError(
          `diffeqsolve: ${name} must be ${order}, as time runs from t0 to t1; ${name}[${i}] = ${t} is not`,
        );
      }
      before = t * sign;
    }
    i++;
  }
  return Array.isArray(ts) ? Float64Array.from(ts as readonly number[]) : (ts as Tensor);
}
