import { tensor } from "@diffrax-ts/array";
import { DenseInterpolation } from "@diffrax-ts/interpolation";
import { apply } from "@diffrax-ts/program";
import { type DenseInfo, type Solver, type Tree, treeMap } from "@diffrax-ts/protocol";
import { treeIn } from "./carried.ts";
import type { SolveConfig } from "../SolveConfig.ts";
import type { RestingSolve } from "./RestingSolve.ts";

/** The last step of a solve that rests. */
export interface WithinStep {
  /** In time that runs forward. */
  readonly t0: number;
  readonly t1: number;
  /** The solution at a time of the user. */
  readonly evaluate: (t: number) => Tree;
}

/** The last step that was kept, and the solution within it. */
export function withinStep(
  { carried, plan }: RestingSolve,
  solver: Solver,
  { dtype, direction }: Pick<SolveConfig, "dtype" | "direction">,
): WithinStep {
  const { layout } = plan;
  const { last } = layout.live;
  const t0 = carried.carriedNumber(last.t0);
  const t1 = carried.carriedNumber(last.t1);
  const asRow = (x: Parameters<Parameters<typeof treeMap>[0]>[0]) =>
    apply("reshape", [x], { shape: [1, ...x.shape] })[0]!;
  return {
    t0,
    t1,
    evaluate: (t) =>
      DenseInterpolation({
        ts: tensor([t0, t1], { dtype }),
        infos: treeMap(asRow, treeIn(carried, layout.denseInfo)) as DenseInfo,
        infoEnds: tensor([carried.carriedNumber(last.denseEnd)], { dtype }),
        count: 1,
        solver,
        direction: direction === "backward" ? -1 : 1,
        y0: treeIn(carried, layout.y),
      }).evaluate(t),
  };
}
