import { astype, asTensor } from "@diffrax-ts/array";
import type { Scalar } from "@diffrax-ts/pytree";

/**
 * A number that changes from step to step, such as a learning rate. Any record with such a function will do; it should stand at
 * the level of a module, and read its data from `this`.
 */
export interface Schedule {
  /** The value at step `count`, from 0 on: a scalar of float64. */
  readonly value: (count: Scalar | number) => Scalar;
}

/** The number of a step as a float64. */
export function countOf(count: Scalar | number): Scalar {
  return astype(asTensor(count, "schedule"), "float64");
}
