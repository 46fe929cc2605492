import {
  type Callable,
  checkOptions,
  describeValue,
  isStrided,
  isTensor,
  isTypedArray,
} from "@diffrax-ts/pytree";
import { checkTimes, isEmpty, type Times } from "./SubSaveAt.ts";

/**
 * A value that is carried through the solve and updated on the way, instead of rows: a running mean or maximum, a length of arc, a
 * histogram. It takes the same memory however long the solve is.
 */
export interface Fold {
  /** The accumulator at `t0`: a tree of numbers, tensors and typed arrays. Its numbers take the dtype of the state, and are data. */
  readonly init: unknown;
  /**
   * `(acc, t, y, args, dt)` to the next accumulator, of the same structure, shapes and dtypes. `dt` is the time since the update before,
   * and at the first since `t0`; it is negative in a solve that runs backward.
   */
  readonly update: Callable;
  /**
   * When: `"steps"`, after every step that was kept, at its end, where an event may have cut it; or at these times, `[n]`, as the
   * solver interpolates between steps.
   */
  readonly at: "steps" | Times;
}

const optionNames = ["init", "update", "at"] as const;

/**
 * Whether a record is meant as a fold: `update` is a function in it, or `at` says when. One that lacks the other options, or has more,
 * is refused by `checkFold`.
 *
 * @example
 * ```ts
 * import { isFold } from "@diffrax-ts/saveat";
 *
 * isFold({ init: 0, update: (acc: number, t: number, y: number) => Math.max(acc, y), at: "steps" });
 * // → true
 * isFold({ init: { t0: true } });
 * // → false
 * ```
 */
export function isFold(value: unknown): value is Fold {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { update, at } = value as Partial<Fold>;
  return typeof update === "function" || isWhen(at);
}

function isWhen(at: unknown): boolean {
  return (
    typeof at === "string" ||
    typeof at === "number" ||
    isTensor(at) ||
    isStrided(at) ||
    isTypedArray(at) ||
    (Array.isArray(at) && at.every((t) => typeof t === "number"))
  );
}

/**
 * Checks a fold, and returns it: a copy, each option read once.
 *
 * @throws TypeError that names the option that is missing, or is something else.
 */
export function checkFold(fold: Fold, name: string): Fold {
  const read = checkOptions(name, fold, optionNames);
  const { init, update, at } = read;
  if (init === undefined || init === null) {
    throw new TypeError(
      `${name}.init is missing: a fold needs the value to begin with, such as init: 0`,
    );
  }
  if (typeof update !== "function") {
    throw new TypeError(
      `${name}.update: expected a function (acc, t, y, args, dt) => acc, got ${describeValue(update)}`,
    );
  }
  if (at === "steps") return read;
  if (!isWhen(at) || typeof at === "string" || typeof at === "number") {
    throw new TypeError(
      `${name}.at: expected "steps" or a list of times, got ${describeValue(at)}`,
    );
  }
  checkTimes(at, `${name}.at`);
  if (isEmpty(at)) throw new TypeError(`${name}.at: expected times, got an empty list`);
  return read;
}
