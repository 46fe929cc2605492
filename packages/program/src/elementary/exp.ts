import type { ExactOps } from "./exact.ts";
import { polynomial } from "./polynomial.ts";

/** `x = k ln 2 + r`, `e^r = 1 + (hi + low)`. */
export interface ExpParts<V, I> {
  /** An integer whose low 12 bits are `k`. */
  readonly k: I;
  /** The exact `x - k LN2_HIGH`: nearly all of `r`. */
  readonly hi: V;
  /** `e^r - 1 - hi`. `+0` for `x = ±0`, negated as stored. */
  readonly negLow: V;
}

// ln 2 in two parts, the first of 40 bits, so that its product with k is exact.
const LOG2_E = 1.4426950408889634;
export const LN2_HIGH = 0.6931471805592082;
export const LN2_LOW = 7.371002565167799e-13;
/** 1.5 · 2⁵²: the sum of it and a small number holds the rounded number in its last bits. */
export const MAGIC = 6755399441055744;

// (e^r - 1 - r) / r² on |r| ≤ ln 2 / 2; error 2^-61.3 of e^r - 1.
const EXP = [
  0.5, 0.16666666666666677, 0.04166666666666669, 0.00833333333332174, 0.0013888888888885,
  0.000198412698857, 2.48015873056e-5, 2.755724457e-6, 2.75572994e-7, 2.510896e-8, 2.09053e-9,
];

/**
 * The reduction that all exponentials share: `e^(x + xLow) = 2^k (1 + (hi - negLow))` with
 * `|x + xLow| < 2¹¹`.
 */
export function expParts<V, I, B>(o: ExactOps<V, I, B>, x: V, xLow?: V): ExpParts<V, I> {
  const total = xLow === undefined ? x : o.add(x, xLow);
  const shifted = o.add(o.mul(total, o.constant(LOG2_E)), o.constant(MAGIC));
  const k = o.sub(shifted, o.constant(MAGIC));
  const hi = o.sub(x, o.mul(k, o.constant(LN2_HIGH)));
  const kLow = o.mul(k, o.constant(LN2_LOW));
  const negXLow = xLow === undefined ? kLow : o.sub(kLow, xLow);
  const r = o.sub(hi, negXLow); //                                r = x - k ln 2
  const square = o.mul(r, r);
  const tail = o.mul(square, polynomial(o, r, EXP)); //           e^r - 1 - r
  return { k: o.bits(shifted), hi, negLow: o.sub(negXLow, tail) };
}

/** `y 2^k`, `y` about 1, for a result in the normal range. */
export function scale<V, I, B>(o: ExactOps<V, I, B>, y: V, k: I): V {
  return o.fromBits(o.iadd(o.bits(y), o.ishl(k, 52)));
}

/** `y 2^k`, `|k| < 2000`, with one rounding where the result is subnormal, and overflow to infinity. */
export function scaleFar<V, I, B>(o: ExactOps<V, I, B>, y: V, k: I): V {
  const half = o.ishrl(k, 1);
  const one = o.constant(1);
  return o.mul(o.mul(y, scale(o, one, half)), scale(o, one, o.isub(k, half)));
}

/** The slow end of an exponential of `x`, `y 2^k`: 0 below -746, infinity above 710.5, NaN. */
export function finishFar<V, I, B>(o: ExactOps<V, I, B>, x: V, y: V, k: I): V {
  const notSmall = o.select(o.lt(x, o.constant(-746)), o.constant(0), scaleFar(o, y, k));
  return o.select(o.lt(o.constant(710.5), x), o.constant(Infinity), notSmall);
}

/** `e^r = value + error` of the parts. */
export function expOfRest<V, I, B>(
  o: ExactOps<V, I, B>,
  { hi, negLow }: ExpParts<V, I>,
): { readonly value: V; readonly error: V } {
  const one = o.constant(1);
  const grown = o.sub(hi, negLow);
  const value = o.add(one, grown);
  const lost = o.sub(o.sub(hi, grown), negLow);
  return { value, error: o.add(o.sub(grown, o.sub(value, one)), lost) };
}

/**
 * `e^x`, with `e^x = 2^k e^r`, `|r| ≤ ln 2 / 2`, and a polynomial for `e^r`. Within 0.95 ulp.
 *
 * @see Muller, Elementary Functions, 3rd ed., chapter 11 (the reduction of Cody and Waite),
 * https://doi.org/10.1007/978-1-4899-7983-4
 */
export function exp<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const parts = expParts(o, x);
  const y = expOfRest(o, parts).value;
  const [value] = o.cond(
    o.lt(o.abs(x), o.constant(708)),
    () => [scale(o, y, parts.k)],
    () => [finishFar(o, x, y, parts.k)],
  );
  return value;
}
