const known: Readonly<Record<string, true>> = {
  Math: true,
  Number: true,
  Boolean: true,
  Array: true,
  Object: true,
  Float64Array: true,
  console: true,
  Infinity: true,
  NaN: true,
  undefined: true,
  isNaN: true,
  isFinite: true,
  Error: true,
  TypeError: true,
  RangeError: true,
  __name: true,
};

/** Whether a name means the same in every function, unless the function declares it itself. */
export function isKnownName(name: string): boolean {
  return Object.hasOwn(known, name);
}

/** What a known name stands for. */
export function knownValue(name: string): unknown {
  if (name === "undefined") return undefined;
  // Minifiers that keep names of functions wrap them: `__name(f, "f")`.
  if (name === "__name") return named;
  return (globalThis as unknown as Readonly<Record<string, unknown>>)[name];
}

/** Gives a function back. */
export function named(f: unknown): unknown {
  return f;
}
