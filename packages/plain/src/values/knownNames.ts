const known =
  " Math Number Boolean Array Object Float64Array console Infinity NaN undefined isNaN isFinite " +
  "Error TypeError RangeError __name ";

/** Whether a name means the same in every function, unless the function declares it itself. */
export function isKnownName(name: string): boolean {
  return known.includes(` ${name} `);
}

/** What a known name stands for. */
export function knownValue(name: string): unknown {
  // Minifiers that keep names of functions wrap them: `__name(f, "f")`.
  if (name === "__name") return named;
  return (globalThis as unknown as Readonly<Record<string, unknown>>)[name];
}

/** Gives a function back. */
export function named(f: unknown): unknown {
  return f;
}
