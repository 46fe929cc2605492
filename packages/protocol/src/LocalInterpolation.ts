import type { Scalar } from "@diffrax-ts/pytree";
import type { Tree } from "./Tree.ts";

/** The solution within one step, from `t0` to `t1`. */
export interface LocalInterpolation {
  /** The state at `t`. */
  evaluate(t: Scalar): Tree;
  /** The time derivative of `evaluate` at `t`: the slope of the interpolation, less accurate than the vector field. */
  derivative(t: Scalar): Tree;
}

/** What a solver tells of a step so that it can be interpolated. */
export type DenseInfo = { readonly [key: string]: Tree };

/** Makes the interpolation of a step from what the solver told of it. */
export type MakeInterpolation = (
  t0: Scalar,
  t1: Scalar,
  denseInfo: DenseInfo,
) => LocalInterpolation;
