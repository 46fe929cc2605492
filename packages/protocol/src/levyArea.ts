import type { Scalar } from "@diffrax-ts/pytree";
import type { Tree } from "./Tree.ts";

/** What a Brownian motion knows of an interval beside its increment. */
export type LevyArea = "BrownianIncrement" | "SpaceTimeLevyArea" | "SpaceTimeTimeLevyArea";

/** The names, from the least to the most. */
export const levyAreas: readonly LevyArea[] = [
  "BrownianIncrement",
  "SpaceTimeLevyArea",
  "SpaceTimeTimeLevyArea",
];

/**
 * Whether a Brownian motion knows as much as is wanted, or more.
 *
 * @example
 * ```ts
 * import { hasLevyArea } from "@diffrax-ts/protocol";
 *
 * hasLevyArea("SpaceTimeTimeLevyArea", "SpaceTimeLevyArea");
 * // → true
 * hasLevyArea("BrownianIncrement", "SpaceTimeLevyArea");
 * // → false
 * ```
 */
export function hasLevyArea(known: LevyArea, wanted: LevyArea): boolean {
  return levyAreas.indexOf(known) >= levyAreas.indexOf(wanted);
}

/** A Brownian motion over an interval: what `evaluate(t0, t1, left, true)` of one gives, and a term asked for `levy`. */
export interface BrownianIncrement {
  /** The length of the interval. */
  readonly dt: Scalar;
  /** `W(t1) - W(t0)` */
  readonly W: Tree;
  /** The space-time Lévy area: how far the path lies above the straight line, on average. */
  readonly H?: Tree;
  /** The space-time-time Lévy area: how far it leans to the end of the interval. */
  readonly K?: Tree;
}
