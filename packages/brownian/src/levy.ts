import type { Tree } from "@diffrax-ts/protocol";
import { describeValue, type Tensor } from "@diffrax-ts/pytree";

/** What a Brownian path knows of an interval beside its increment. */
export type LevyArea = "BrownianIncrement" | "SpaceTimeLevyArea" | "SpaceTimeTimeLevyArea";

/** The names, from the least to the most. */
const levyAreas: readonly LevyArea[] = [
  "BrownianIncrement",
  "SpaceTimeLevyArea",
  "SpaceTimeTimeLevyArea",
];

/** @throws RangeError for another name. */
export function checkLevyArea(name: string, levyArea: unknown): void {
  if (levyAreas.includes(levyArea as LevyArea)) return;
  throw new RangeError(
    `${name}: levyArea must be ${levyAreas.map((one) => `"${one}"`).join(" or ")}, got ${describeValue(levyArea)}`,
  );
}

/** A Brownian motion over an interval. */
export interface BrownianIncrement {
  /** The length of the interval. */
  readonly dt: Tensor;
  /** `W(t1) - W(t0)` */
  readonly W: Tree;
  /** The space-time Lévy area: how far the path lies above the straight line, on average. */
  readonly H?: Tree;
  /** The space-time-time Lévy area: how far it leans to the end of the interval. */
  readonly K?: Tree;
}
