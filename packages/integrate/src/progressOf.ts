import type { Burst } from "./burstsOf.ts";
import type { Prepared } from "./prepare.ts";

/** The part of the way that a solve has come, between 0 and 1. */
export function progressOf({ span }: Pick<Prepared, "span">): (burst: Burst) => number {
  const { t0, t1 } = span as Readonly<Record<"t0" | "t1", number>>; // known, at top level
  const length = Math.abs(t1 - t0);
  const sign = t1 < t0 ? -1 : 1;
  return ({ t }) => (length === 0 ? 0 : (t - sign * t0) / length);
}
