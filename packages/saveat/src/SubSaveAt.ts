import { mostSteps } from "@diffrax-ts/protocol";
import {
  type Callable,
  describeValue,
  isDetached,
  isStrided,
  isTensor,
  isTypedArray,
  type Tensor,
} from "@diffrax-ts/pytree";

/** A list of times: `[n]`, in the order in which the solve meets them. */
export type Times = readonly number[] | Float64Array | Float32Array | Tensor;

/** When to save, without what. */
export interface SaveTimes {
  /** Save at the start. @defaultValue false */
  readonly t0?: boolean;
  /** Save at the end. @defaultValue false */
  readonly t1?: boolean;
  /** Save at these times; `[n]`, from `t0` to `t1`, increasing, or decreasing if `t1 < t0`. */
  readonly ts?: Times;
  /** Save after every step, or after every `n`-th; `0` or `false`: after none. @defaultValue false */
  readonly steps?: boolean | number;
}

/** What to save, and when. */
export interface SubSaveAt extends SaveTimes {
  /** `(t, y, args)` to what is saved. @defaultValue the state */
  readonly fn?: Callable;
}

const options: Readonly<Record<keyof SubSaveAt, true>> = {
  t0: true,
  t1: true,
  ts: true,
  steps: true,
  fn: true,
};

/**
 * Whether a record says what to save and when: it has keys, and none of them is anything else. So `subs` tells one thing to
 * save from a record of several, which therefore cannot be called `t0`, `t1`, `ts`, `steps` or `fn` only.
 *
 * @example
 * ```ts
 * import { isSubSaveAt } from "@diffrax-ts/saveat";
 *
 * isSubSaveAt({ t1: true });
 * // → true
 * isSubSaveAt({ end: { t1: true } });
 * // → false
 * ```
 */
export function isSubSaveAt(value: unknown): value is SubSaveAt {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => Object.hasOwn(options, key));
}

/**
 * Checks what to save.
 *
 * @throws TypeError or RangeError that names the option, if one makes no sense or if nothing would be saved.
 */
export function checkSubSaveAt({ t0, t1, ts, steps, fn }: SubSaveAt, name: string): void {
  requireTruthOf("t0", t0, name);
  requireTruthOf("t1", t1, name);
  if (
    steps !== undefined &&
    typeof steps !== "boolean" &&
    !(Number.isInteger(steps) && steps >= 0 && steps <= mostSteps)
  ) {
    throw new RangeError(
      `${name}.steps: expected true, false or a whole number of steps below 2³¹, got ${String(steps)}`,
    );
  }
  if (fn !== undefined && typeof fn !== "function") {
    throw new TypeError(`${name}.fn: expected a function (t, y, args) => …, got ${String(fn)}`);
  }
  if (ts !== undefined) checkTimes(ts, `${name}.ts`);
  if (!t0 && !t1 && !steps && (ts === undefined || isEmpty(ts))) {
    throw new TypeError(
      `${name}: nothing would be saved; give at least one of t0, t1, ts and steps`,
    );
  }
}

/** @throws TypeError for what is no list of times, or is one no more. */
export function checkTimes(ts: Times, name: string): void {
  if (!isList(ts)) {
    throw new TypeError(`${name}: expected a list of times, got ${describeValue(ts)}`);
  }
  if (isTypedArray(ts) && isDetached(ts)) {
    throw new TypeError(
      `${name}: this array is detached: its memory was transferred; transfer a copy of it instead`,
    );
  }
}

function requireTruthOf(key: string, value: unknown, name: string): void {
  if (value === undefined || typeof value === "boolean") return;
  throw new TypeError(
    `${name}.${key}: expected true or false, got ${describeValue(value)}; times go into ts`,
  );
}

function isList(ts: unknown): boolean {
  return isTensor(ts) || isStrided(ts)
    ? ts.shape.length === 1
    : Array.isArray(ts) || isTypedArray(ts);
}

/** Whether there are no times in a list. */
export function isEmpty(ts: Times): boolean {
  // A strided array has no length.
  return (isStrided(ts) ? ts.shape[0] : ts.length) === 0;
}
