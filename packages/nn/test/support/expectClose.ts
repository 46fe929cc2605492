import { expect } from "vitest";

/** Numbers, in arrays to any depth. */
export type Nested = number | readonly Nested[];

function flat(x: Nested): number[] {
  return typeof x === "number" ? [x] : x.flatMap(flat);
}

/** Expects `|actual - expected| ≤ tolerance · max(1, |expected|)`, element by element. */
export function expectClose(actual: Nested, expected: Nested, tolerance = 1e-14): void {
  const [got, want] = [flat(actual), flat(expected)];
  expect(got.length).toBe(want.length);
  const far = want.filter(
    (x, i) => !(Math.abs(got[i]! - x) <= tolerance * Math.max(1, Math.abs(x))),
  );
  expect(far, `of ${JSON.stringify(got)}`).toEqual([]);
}
