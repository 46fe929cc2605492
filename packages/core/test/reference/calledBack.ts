/** What was warned of functions that are called back from compiled code. */
export function calledBack(calls: readonly (readonly unknown[])[]): readonly unknown[] {
  return calls.flat().filter((text) => String(text).includes("called from compiled code"));
}
