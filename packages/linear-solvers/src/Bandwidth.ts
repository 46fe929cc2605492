import { describeValue } from "@diffrax-ts/pytree";
import type { LinearTag } from "./tags.ts";

/** How many diagonals of a square matrix may hold numbers: `A[i, j] = 0` unless `-lower <= j - i <= upper`. */
export interface Bandwidth {
  /** Diagonals below the main one. */
  readonly lower: number;
  /** Diagonals above it. */
  readonly upper: number;
}

/** @throws RangeError if it is none. */
export function checkBandwidth(name: string, { lower, upper }: Bandwidth): Bandwidth {
  for (const [key, count] of Object.entries({ lower, upper })) {
    if (Number.isInteger(count) && count >= 0) continue;
    throw new RangeError(
      `${name}: ${key} must be a number of diagonals, a whole number >= 0, got ${describeValue(count)}`,
    );
  }
  return { lower, upper };
}

/** Whether a band holds another. */
export function fits(inner: Bandwidth, outer: Bandwidth): boolean {
  return inner.lower <= outer.lower && inner.upper <= outer.upper;
}

/** For errors: `lower 1 and upper 2`. */
export function showBandwidth({ lower, upper }: Bandwidth): string {
  return `lower ${lower} and upper ${upper}`;
}

/** Whether a property follows from how many diagonals there are. */
export function bandImplies(band: Bandwidth | null, tag: LinearTag): boolean {
  if (band === null) return false;
  const { lower, upper } = band;
  switch (tag) {
    case "diagonal":
    case "symmetric":
      return lower + upper === 0;
    case "tridiagonal":
      return lower <= 1 && upper <= 1;
    case "lowerTriangular":
      return upper === 0;
    case "upperTriangular":
      return lower === 0;
    case "unitDiagonal":
    case "positiveSemidefinite":
    case "negativeSemidefinite":
      return false;
  }
}
