import { astype, equal, less, lessEqual, logicalAnd, logicalOr, where } from "@diffrax-ts/array";
import type { Scalar } from "@diffrax-ts/pytree";
import type { SolveConfig } from "./SolveConfig.ts";

/** 1 if time runs forward, -1 if it runs backward. An interval of no length has the direction of its first step. */
export function directionOf({
  direction,
  dtype,
  ...span
}: Pick<SolveConfig, "direction" | "t0" | "t1" | "dt0" | "dtype">): Scalar | 1 | -1 {
  if (direction === "forward") return 1;
  if (direction === "backward") return -1;
  const [t0, t1] = [astype(span.t0, dtype), astype(span.t1, dtype)];
  const isForward =
    span.dt0 === null
      ? lessEqual(t0, t1)
      : logicalOr(less(t0, t1), logicalAnd(equal(t0, t1), less(0, span.dt0)));
  return astype(where(isForward, 1, -1), dtype);
}
