/**
 * An element of a tensor as a number, which is exact.
 *
 * @param name - Who asks, for the error.
 * @throws RangeError for an int64 that no number is equal to.
 */
export function exactNumber(x: number | bigint | undefined, name: string): number {
  const exact = numberIfExact(x, name);
  if (typeof exact === "number") return exact;
  throw new RangeError(
    `${name}: ${exact}n is an int64 that no number is equal to; read the integers themselves from .data, or round them: astype(x, "float64")`,
  );
}

/** An element of a tensor as a number; an int64 that no number is equal to as it is. */
export function numberIfExact(x: number | bigint | undefined, name: string): number | bigint {
  if (typeof x === "number") return x;
  if (x === undefined) {
    throw new TypeError(
      `${name}: the numbers of this tensor are gone; its memory was transferred to somebody else, copy it before`,
    );
  }
  const number = Number(x);
  return BigInt(number) === x ? number : x;
}

/** Refuses integers so large that they may stand for a neighbour that no number is equal to. */
export function requireSafe(name: string, x: number): void {
  if (Number.isSafeInteger(x)) return;
  throw new RangeError(
    `${name}: ${x} is beyond 2⁵³, where numbers skip integers; for int64 write tensor(${BigInt(x)}n)`,
  );
}
