import { isTraced } from "@diffrax-ts/autodiff";
import { describeValue, isPart, isTensor, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import type { SubSaveAt } from "@diffrax-ts/saveat";

/** A time, a step or a limit as far as it is known before anything runs; `null` if it is traced. */
function knownNumber(name: string, x: unknown): number | null {
  if (typeof x === "number") return x;
  if (isTensor(x) && x.shape.length === 0) return isTraced(x) ? null : x.item();
  throw new TypeError(`diffeqsolve: ${name} must be a number, got ${describeValue(x)}`);
}

/** The same for a point in time. */
export function knownTime(name: string, x: unknown): number | null {
  const t = knownNumber(name, x);
  if (t === null || Number.isFinite(t)) return t;
  throw new RangeError(`diffeqsolve: ${name} must be finite, got ${t}`);
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
  const dt = knownNumber("dt0", dt0);
  if (dt === null) return null;
  if (!Number.isFinite(dt) || dt === 0) {
    throw new RangeError(
      `diffeqsolve: dt0 must be finite and not 0, got ${dt}; dt0: null chooses a first step`,
    );
  }
  if (t0 !== null && t1 !== null && (t1 - t0) * dt < 0) {
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
  const times = Array.isArray(ts)
    ? numbersOf(ts as readonly unknown[], name)
    : (ts as Tensor | Float64Array);
  if (isTensor(times)) {
    if (times.shape.length !== 1) {
      throw new TypeError(
        `diffeqsolve: ${name} must be a list of times, got shape [${times.shape.join()}]`,
      );
    }
    if (isTraced(times)) return times;
  }
  const sign = t0 === null || t1 === null ? 0 : t0 <= t1 ? 1 : -1;
  let before = -Infinity;
  let i = 0;
  for (const t of times as Iterable<number>) {
    if (!Number.isFinite(t))
      throw new RangeError(`diffeqsolve: ${name} must be finite, got ${name}[${i}] = ${t}`);
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
  return times;
}

function numbersOf(list: readonly unknown[], name: string): Float64Array {
  const wrong = list.findIndex((t) => typeof t !== "number");
  if (wrong < 0) return Float64Array.from(list as readonly number[]);
  throw new TypeError(
    `diffeqsolve: ${name}[${wrong}] must be a number, got ${describeValue(list[wrong])}`,
  );
}

/** @throws TypeError if this is no part with such a method: a maker that was not called, or something else. */
export function requirePart(name: string, value: unknown, method: string, example: string): void {
  if (isPart(value) && typeof (value as unknown as Record<string, unknown>)[method] === "function")
    return;
  if (typeof value === "function") {
    throw new TypeError(
      `diffeqsolve: ${name} is the function ${value.name}; call it: ${value.name}()`,
    );
  }
  throw new TypeError(
    `diffeqsolve: ${name} must be one such as ${example}, got ${describeValue(value)}`,
  );
}
