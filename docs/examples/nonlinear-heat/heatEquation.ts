import type { VectorField } from "@diffrax-ts/core";

/** The distance of two places. */
export interface Grid {
  readonly dx: number;
}

/**
 * `∂u/∂t = (1 - u) ∂²u/∂x²` at places in a row, with second differences for the derivative; at the ends `u` stays as it is.
 */
export const heatEquation: VectorField<Float64Array, Grid> = (_t, u, { dx }) =>
  u.map((ui, i) =>
    i === 0 || i === u.length - 1 ? 0 : ((1 - ui) * (u[i - 1]! - 2 * ui + u[i + 1]!)) / dx ** 2,
  );
