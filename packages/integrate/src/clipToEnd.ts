import { add, bitcast, greater, less, mul, sub, where } from "@diffrax-ts/array";
import { scalarTensor } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

/** The end of a solve, as steps see it. */
export interface End {
  readonly t1: Scalar;
  /** A hundred floating-point numbers before it. */
  readonly floor: Scalar;
}

/**
 * The end `t1`, and from where on a step is drawn to it. The spacing of floating-point numbers decides, at any scale: they are counted
 * by their bits, as arithmetic next to zero is slow.
 */
export function endOf(t1: Scalar): End {
  const isSingle = t1.dtype === "float32";
  const dtype = isSingle ? "int32" : "int64";
  // Bits of negative numbers are in the opposite order, from the least integer on.
  const least = scalarTensor(dtype, isSingle ? -(2 ** 31) : -(2n ** 63n));
  const hundred = scalarTensor(dtype, isSingle ? 100 : 100n);
  const turned = (bits: Tensor): Tensor => where(less(bits, 0), sub(least, bits), bits);
  const floor = turned(sub(turned(bitcast(t1, dtype)), hundred));
  return { t1, floor: bitcast(floor, t1.dtype) as Scalar };
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
