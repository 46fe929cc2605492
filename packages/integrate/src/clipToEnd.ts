import { abs, add, bitcast, greater, less, mul, sub, where } from "@diffrax-ts/array";
import { scalarTensor } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

/** The end of a solve, as steps see it. */
export interface End {
  readonly t1: Scalar;
  /** A hundred floating-point numbers before it. */
  readonly floor: Scalar;
}

/** The end `t1`, and from where on a step is drawn to it: the spacing of floating-point numbers decides, at any scale. */
export function endOf(t1: Scalar): End {
  const isSingle = t1.dtype === "float32";
  const bits = isSingle ? "int32" : "int64";
  const hundred = scalarTensor(bits, isSingle ? 100 : 100n);
  const asBits = bitcast(t1, bits);
  const away = where(greater(t1, 0), sub(asBits, hundred), add(asBits, hundred));
  // Next to zero the bits would run into those of the other sign, and the numbers are evenly spaced.
  const [leastNormal, spacing] = isSingle ? [2 ** -126, 2 ** -149] : [2 ** -1022, 2 ** -1074];
  const isNextToZero = less(abs(t1), leastNormal);
  const floor = where(isNextToZero, sub(t1, 100 * spacing), bitcast(away, t1.dtype));
  return { t1, floor };
}

/**
 * The end of the next step: no further than `t1`, and `t1` itself if it would be almost there, so that no tiny step is
 * left. After a step that was rejected, half of what is left.
 */
export function clipToEnd(
  { t1, floor }: End,
  tprev: Scalar,
  tnext: Scalar,
  keepStep: Tensor | true,
): Scalar {
  const half = (): Tensor => add(tprev, mul(sub(t1, tprev), 0.5));
  const clipped = keepStep === true ? t1 : where(keepStep, t1, half());
  return where(greater(tnext, floor), clipped, tnext) as Scalar;
}

/** No further than the end. A step that leads there exactly has its derivative from there. */
export function upTo({ t1 }: End, t: Scalar): Scalar {
  return where(less(t, t1), t, t1);
}
