/** Whether a value is `null` or `undefined`. */
export function isMissing(x: unknown): x is null | undefined {
  return x === null || x === undefined;
}
