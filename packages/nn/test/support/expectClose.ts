import { expect } from "vitest";

/** Numbers, in arrays to any depth. */
export type Nested = number | readonly Nested[];

function flat(x: Nested): number[] {
  return typeof x === "number" ? [x] : x.flatMap(flat);
}

/** Expects `|actual - expected| ≤ tolerance · max(1, |expected|)`, element by element; the same, where that is not finite. */
export function expectClose(actual: Nested, expected: Nested, tolerance = 1e-14): void {
  const [got, want] = [flat(actual), flat(expected)];
  expect(got.length).toBe(want.length);
  const isClose = (x: number, y: number): boolean =>
    Number.isFinite(y) ? Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y)) : Object.is(x, y);
  const far = want.filter((y, i) => !isClose(got[i]!, y));
  expect(far, `of ${JSON.stringify(got)}`).toEqual([]);
}
