import { div, equal, sub, where } from "@diffrax-ts/array";
import type { Scalar } from "@diffrax-ts/pytree";

/**
 * `(t - t0) / (t1 - t0)`; 0 if `t0 = t1`, with derivative 0: a solve from `t0` to `t0` has a step without length.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { linearRescale } from "@diffrax-ts/interpolation";
 *
 * linearRescale(tensor(1), tensor(2), tensor(5)).item();
 * // → 0.25
 * ```
 */
export function linearRescale(t0: Scalar, t: Scalar, t1: Scalar): Scalar {
  const isPoint = equal(t0, t1);
  return div(where(isPoint, 0, sub(t, t0)), where(isPoint, 1, sub(t1, t0)));
}

/** `1 / (t1 - t0)`, the derivative of `linearRescale`; 0 if `t0 = t1`. */
export function linearSlope(t0: Scalar, t1: Scalar): Scalar {
  const isPoint = equal(t0, t1);
  return where(isPoint, 0, div(1, where(isPoint, 1, sub(t1, t0))));
}
