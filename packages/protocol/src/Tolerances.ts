import type { Scalar } from "@diffrax-ts/pytree";
import type { Norm } from "./norms.ts";

/** How accurate a solve is to be: what step size control, root finders and event finders go by. */
export interface Tolerances {
  /** Relative, dimensionless. */
  readonly rtol: number | Scalar;
  /** Absolute, in the units of `y`. */
  readonly atol: number | Scalar;
  /** Of an error over its tolerances. */
  readonly norm: Norm;
}
