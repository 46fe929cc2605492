import type { Scalar } from "@diffrax-ts/pytree";
import type { Tree } from "./Tree.ts";

/** The solution within one step, from `t0` to `t1`. */
export interface LocalInterpolation {
  /** The state at `t`. */
  evaluate(t: Scalar): Tree;
  /** The time derivative of `evaluate` at `t`: the slope of the interpolation, less accurate than the vector field. */
  derivative(t: Scalar): Tree;
}

/**
 * What a solver tells of a step so that it can be interpolated: for example `{ y0, y1, k }`, with `k` the list of stages. Dense
 * output keeps all of it for every step, so less is better.
 */
export type DenseInfo = { readonly [key: string]: Tree };

/**
 * Makes the interpolation of a step from what the solver told of it. `t0 <= t1` always: a backward solve is turned round before.
 * At `t0` the interpolation is `y0`, and at `t1` it should be `y1`, so that the solution has no jumps.
 */
export type MakeInterpolation = (
  t0: Scalar,
  t1: Scalar,
  denseInfo: DenseInfo,
) => LocalInterpolation;
