import type { Solution } from "../Solution.ts";

/** What a solve rejects with that was stopped. */
export interface AbortedSolve {
  /** What was solved so far; `null` if it had not begun. */
  readonly solution: Solution | null;
}

/**
 * The reason for which a solve was stopped, with what it had solved as `solution`.
 *
 * One reason may stop several solves: the first one marks it, and the others reject with copies. A reason that is no object becomes
 * the cause of an error.
 */
export function aborted(reason: unknown, solution: Solution | null): unknown {
  if (typeof reason !== "object" || reason === null) {
    return mark(new Error(`the solve was stopped: ${String(reason)}`, { cause: reason }), solution);
  }
  if (!("solution" in reason) && Object.isExtensible(reason)) return mark(reason, solution);
  return mark(copyOf(reason), solution);
}

function mark<Reason extends object>(reason: Reason, solution: Solution | null): Reason {
  // What is shown of an error in a console stays short.
  return Object.defineProperty(reason, "solution", {
    value: solution,
    enumerable: false,
    configurable: true,
    writable: true,
  });
}

function copyOf(reason: object): object {
  const { name, message = "the solve was stopped" } = reason as Partial<Error>;
  const copy = new Error(message, { cause: reason });
  return name === undefined ? copy : Object.defineProperty(copy, "name", { value: name });
}
