import { add, mul, sub } from "@diffrax-ts/array";
import type { Scalar } from "@diffrax-ts/pytree";

/** The time at a fraction of the step. */
export function within(t0: Scalar, t1: Scalar, fraction: number): Scalar {
  if (fraction === 0) return t0;
  return fraction === 1 ? t1 : add(t0, mul(sub(t1, t0), fraction));
}
