import { elementTypes } from "./TypedList.ts";

const known: Readonly<Record<string, true>> = {
  Array: true,
  Boolean: true,
  Error: true,
  Infinity: true,
  Math: true,
  NaN: true,
  Number: true,
  Object: true,
  RangeError: true,
  TypeError: true,
  __name: true,
  __pow: true,
  console: true,
  isFinite: true,
  isNaN: true,
  undefined: true,
};

/** Whether a name means the same in every function, unless the function declares it itself. */
export function isKnownName(name: string): boolean {
  return Object.hasOwn(known, name) || Object.hasOwn(elementTypes, name);
}

/** What a known name stands for. */
export function knownValue(name: string): unknown {
  // Minifiers that keep names of functions wrap them: `__name(f, "f")`.
  if (name === "__name") return named;
  // What esbuild writes for `a ** b` where a target is older than that.
  if (name === "__pow") return Math.pow;
  return (globalThis as unknown as Readonly<Record<string, unknown>>)[name];
}

/** Gives a function back. */
export function named(f: unknown): unknown {
  return f;
}
