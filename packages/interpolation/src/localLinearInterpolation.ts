import { add, mul, sub } from "@diffrax-ts/array";
import { type DenseInfo, type LocalInterpolation, type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import { linearRescale, linearSlope } from "./linearRescale.ts";

/** A straight line from `y0` to `y1`: of order 1. */
export interface LocalLinearInterpolation extends LocalInterpolation {
  readonly t0: Scalar;
  readonly t1: Scalar;
  readonly y0: Tree;
  readonly y1: Tree;
}

/**
 * The straight line between the ends of a step, `y0 + (t - t0) / (t1 - t0) (y1 - y0)`: of order 1. Any solver can have it.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { localLinearInterpolation } from "@diffrax-ts/interpolation";
 *
 * const line = localLinearInterpolation(tensor(0), tensor(2), { y0: tensor(1), y1: tensor(5) });
 * String(line.evaluate(tensor(0.5)));
 * // → "2"
 * ```
 */
export function localLinearInterpolation(
  t0: Scalar,
  t1: Scalar,
  { y0, y1 }: DenseInfo,
): LocalLinearInterpolation {
  return { t0, t1, y0: y0!, y1: y1!, evaluate, derivative };
}

function evaluate(this: LocalLinearInterpolation, t: Scalar): Tree {
  const s = linearRescale(this.t0, t, this.t1);
  return treeMap((a, b) => add(a, mul(s, sub(b, a))), this.y0, this.y1);
}

function derivative(this: LocalLinearInterpolation): Tree {
  const slope = linearSlope(this.t0, this.t1);
  return treeMap((a, b) => mul(slope, sub(b, a)), this.y0, this.y1);
}
