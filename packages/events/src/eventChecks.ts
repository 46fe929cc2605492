import { describeValue, isPart } from "@diffrax-ts/pytree";
import type { RootFinder } from "@diffrax-ts/root-finders";
import { type ConditionTree, isCondition } from "./conditions.ts";

/** How many events there are to be, and room for. */
export function requireRoom(
  terminal: unknown,
  maxEvents: unknown,
): { readonly terminal: boolean | number; readonly maxEvents: number | null } {
  const isCount = (x: unknown): x is number => Number.isInteger(x) && (x as number) > 0;
  if (typeof terminal !== "boolean" && !isCount(terminal)) {
    throw new RangeError(
      `Event: terminal must be true, false, or the number of the event that ends the solve, got ${describeValue(terminal)}`,
    );
  }
  if (maxEvents !== null && !isCount(maxEvents)) {
    throw new RangeError(
      `Event: maxEvents must be a whole number above 0, how many events there is room for, got ${describeValue(maxEvents)}`,
    );
  }
  if (typeof terminal === "number" && (maxEvents as number) < terminal) {
    throw new RangeError(
      `Event: maxEvents must not be below terminal, got maxEvents = ${describeValue(maxEvents)} and terminal = ${terminal}`,
    );
  }
  return { terminal, maxEvents: maxEvents };
}

export function requireRootFinder(given: unknown): RootFinder {
  const { init: start, step, terminate } = (given ?? {}) as Partial<RootFinder>;
  if (isPart(given) && [start, step, terminate].every((member) => typeof member === "function"))
    return given as RootFinder;
  throw new TypeError(
    `Event: rootFinder must be one such as Newton({ rtol: 1e-8, atol: 1e-8 }), or null for none, got ${describeValue(given)}`,
  );
}

export function requireCount(count: unknown, conditions: ConditionTree): number | null {
  if (count === null) return null;
  if (!(Number.isInteger(count) && (count as number) > 0)) {
    throw new RangeError(
      `Event: count must be a whole number above 0, or null if each condition is a scalar, got ${describeValue(count)}`,
    );
  }
  if (isCondition(conditions)) return count as number;
  throw new TypeError(
    "Event: count is for one function that returns a vector of conditions, and condFn has several; leave it out",
  );
}

/** @throws TypeError for what makes no sense where events change the state and the solve goes on. */
export function requireOrder(terminal: unknown, precedence: "time" | "tree"): void {
  if (terminal === true) {
    throw new TypeError(
      "Event: with terminal: true the first event ends the solve, and change has nothing to do; leave terminal out, or write terminal: n to end at the event of that number",
    );
  }
  if (precedence === "tree") {
    throw new TypeError(
      'Event: precedence: "tree" says which event ends a solve; with change the earliest comes first, so leave it out',
    );
  }
}

/** @throws TypeError for options that belong to conditions, where there are known times alone. */
export function requireNone(given: object, names: readonly string[]): void {
  const options = given as Readonly<Record<string, unknown>>;
  const name = names.find((one) => options[one] !== undefined && options[one] !== null);
  if (name !== undefined && !(name === "terminal" && options[name] === false)) {
    throw new TypeError(
      `Event: ${name} belongs to conditions, and without condFn there are none; leave it out`,
    );
  }
}
