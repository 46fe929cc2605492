import type { Callable } from "@diffrax-ts/pytree";
import { differenceOf } from "./differenceOf.ts";
import type { TreeProgram } from "./TreeProgram.ts";

const checksKey: unique symbol = /* @__PURE__ */ Symbol.for("@diffrax-ts/checkTraces");

/** When a trace that is found is made again: `rarely` is at the first time, the second, the fourth, the eighth and so on. */
export type TraceChecks = "always" | "rarely" | "never";

/** The check in progress; one for all installed copies of the library. */
interface Checks {
  readonly when: TraceChecks;
  /** How often something that is kept was found. */
  readonly counts: WeakMap<object, number>;
  /** What was traced to make what a cache keeps. */
  readonly traces: WeakMap<object, TreeProgram>;
  /** What was looked at already in the check that is going on, if one is. */
  seen: Set<object> | null;
  /** The trace that was finished last. */
  last: TreeProgram | undefined;
}

/** Holds the check in progress, if there is one. */
interface Holder {
  current: Checks | undefined;
}

// Asked for at each call of a function that was traced: see `traceContext`.
let holder: Holder | undefined;

function held(): Holder {
  const shared = globalThis as { [checksKey]?: Holder };
  return (holder ??= shared[checksKey] ??= { current: undefined });
}

function checks(): Checks | undefined {
  return held().current;
}

/**
 * Says when a function is traced again although a trace of it is found, to see that it is still the same: for finding functions that
 * use what changes. A check costs as much as the first call. Without it nothing is checked.
 *
 * A function is traced once for arguments of one structure, for all transformations together: what it uses from outside, such as
 * numbers and arrays, has in that trace the values of that moment.
 *
 * @param when - Traces that were made before it was said are not compared.
 * @returns What was said before.
 * @throws Error at the call that finds a trace which would be another one now; it says what differs.
 *
 * @example
 * ```ts
 * import { checkTraces, jit } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * checkTraces("always");
 * let rate = 3;
 * const decay = jit((x: Scalar) => x.mul(rate));
 * decay(1);
 * rate = 4;
 * let message = "";
 * try {
 *   decay(1);
 * } catch (error) {
 *   message = (error as Error).message;
 * }
 * checkTraces("never");
 * message.split(". ")[0];
 * // → "jit: this function was traced before, and would be another program now: mul had float64 3 and has float64 4"
 * ```
 */
export function checkTraces(when: TraceChecks): TraceChecks {
  const before = checks()?.when ?? "never";
  held().current =
    when === "never"
      ? undefined
      : { when, counts: new WeakMap(), traces: new WeakMap(), seen: null, last: undefined };
  return before;
}

/** Whether traces that are found are compared. */
export function isChecking(): boolean {
  return checks() !== undefined;
}

/** Notes that a function was traced. */
export function noteTrace(traced: TreeProgram): void {
  const state = checks();
  if (state !== undefined) state.last = traced;
}

/** What is kept of a function, as it is made; the last trace that was finished on the way is that of the function. */
export function tracedFor<T extends object>(make: () => T): T {
  const state = checks();
  if (state === undefined) return make();
  state.last = undefined;
  const kept = make();
  if (state.last !== undefined) state.traces.set(kept, state.last);
  return kept;
}

/**
 * Traces a function again, and compares.
 *
 * @param kept - What was found.
 * @param again - Makes it anew.
 * @throws Error that says what differs.
 */
export function checkTrace<T extends object>(
  f: Callable & { readonly name?: string },
  kept: T,
  again: () => T,
  name: string,
): void {
  const state = checks();
  if (state === undefined || state.seen?.has(kept) || !isDue(state, kept)) return;
  const isOutermost = state.seen === null;
  state.seen ??= new Set();
  state.seen.add(kept);
  try {
    // What is made of the traces of another function finds those, and they are compared there.
    const before = state.traces.get(kept);
    state.last = undefined;
    again();
    const now = state.last as TreeProgram | undefined;
    if (before === undefined || now === undefined) return;
    const difference = differenceOf(before, now);
    if (difference === undefined) return;
    throw new Error(
      `${name}: ${f.name || "this function"} was traced before, and would be another program now: ${difference}. ` +
        "What a function uses from outside are constants of its first trace: pass what changes as an argument, or make a new function",
    );
  } finally {
    if (isOutermost) state.seen = null;
  }
}

function isDue({ when, counts }: Checks, kept: object): boolean {
  const count = (counts.get(kept) ?? 0) + 1;
  counts.set(kept, count);
  return when === "always" || Number.isInteger(Math.log2(count));
}
