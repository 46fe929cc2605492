import { isTraced } from "@diffrax-ts/autodiff";
import { describeValue, isTensor, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import type { SubSaveAt } from "@diffrax-ts/saveat";

function requireFinite(name: string, t: unknown): number {
  if (typeof t !== "number")
    throw new TypeError(`diffeqsolve: ${name} must be a number, got ${describeValue(t)}`);
  if (!Number.isFinite(t)) throw new RangeError(`diffeqsolve: ${name} must be finite, got ${t}`);
  return t;
}

/** A time or a step as far as it is known before anything runs; `null` if it is traced. */
export function knownTime(name: string, x: unknown): number | null {
  if (!isTensor(x) || x.shape.length > 0) return requireFinite(name, x);
  return isTraced(x) ? null : requireFinite(name, x.item());
}

/** The first step size: its number, `"auto"` if it is to be chosen, `null` if it is traced. */
export function knownStep(
  options: object,
  t0: number | null,
  t1: number | null,
): number | "auto" | null {
  const { dt0 } = options as { readonly dt0?: unknown };
  if (dt0 === undefined) {
    throw new TypeError(
      "diffeqsolve: dt0 is missing; give the first step size, or dt0: null to have it chosen by an adaptive " +
        "stepsizeController such as PIDController({ rtol: 1e-6, atol: 1e-9 })",
    );
  }
  if (dt0 === null) return "auto";
  const dt = knownTime("dt0", dt0);
  if (dt === 0)
    throw new RangeError("diffeqsolve: dt0 must not be 0; dt0: null chooses a first step");
  if (t0 !== null && t1 !== null && dt !== null && (t1 - t0) * dt < 0) {
    const sign = t1 > t0 ? "positive" : "negative";
    throw new RangeError(
      `diffeqsolve: dt0 must be ${sign} to lead from t0 = ${t0} to t1 = ${t1}, got ${dt}`,
    );
  }
  return dt;
}

/** The times of one thing to save as a leaf, once they are known to make sense. */
export function checkedTimes(
  ts: NonNullable<SubSaveAt["ts"]>,
  name: string,
  t0: number | null,
  t1: number | null,
): Leaf {
  if (isTensor(ts) && isTraced(ts)) return ts;
  const sign = t0 === null || t1 === null ? 0 : t0 <= t1 ? 1 : -1;
  let before = -Infinity;
  let i = 0;
  for (const x of ts as Iterable<unknown>) {
    const t = Number.isFinite(x) ? (x as number) : requireFinite(`${name}[${i}]`, x);
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
