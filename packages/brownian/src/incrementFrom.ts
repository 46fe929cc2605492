import { astype, mul, sqrt, sub } from "@diffrax-ts/array";
import { type BrownianIncrement, type LevyArea, levyAreas, type Tree } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";
import {
  inStructure,
  leafShapes,
  leavesOfRuns,
  type Run,
  runsOf,
  type ShapeTree,
} from "./shapes.ts";

/** What is asked of a motion over an interval. */
export interface IntervalAsked {
  readonly shape: ShapeTree;
  readonly levyArea: LevyArea;
  readonly t0: Tensor;
  readonly t1: Tensor;
  readonly useLevy: boolean;
}

/** How many independent normal numbers an interval takes for an element. */
export function numDraws(levyArea: LevyArea): number {
  return levyAreas.indexOf(levyArea) + 1;
}

/** The standard deviations of `W`, `H` and `K`, which are independent, over an interval of length 1. */
const deviations = (): readonly number[] => [1, 1 / Math.sqrt(12), 1 / Math.sqrt(720)];

/**
 * A motion over an interval, from normal numbers: for each array as many as there are things to know of it.
 *
 * @param draw - The numbers of arrays that are alike: those of `W`, of `H` and of `K`.
 */
export function incrementFrom(
  { shape, levyArea, t0, t1, useLevy }: IntervalAsked,
  draw: (run: Run) => readonly Tensor[],
): Tree | BrownianIncrement {
  const leaves = leafShapes(shape);
  const length = sub(t1, t0);
  const root = sqrt(length);
  const runs = runsOf(leaves);
  const all = runs.map((run) => {
    const std = astype(root, run.dtype);
    return draw(run).map((normals, j) => mul(normals, mul(std, deviations()[j]!)));
  });
  const tree = (which: number): Tree =>
    inStructure(
      shape,
      leavesOfRuns(
        runs,
        all.map((one) => one[which]!),
      ),
    ) as Tree;
  if (!useLevy) return tree(0);
  const dt = astype(length, leaves[0]?.dtype ?? t0.dtype);
  if (levyArea === "BrownianIncrement") return { dt, W: tree(0) };
  const short = { dt, W: tree(0), H: tree(1) };
  return levyArea === "SpaceTimeLevyArea" ? short : { ...short, K: tree(2) };
}
