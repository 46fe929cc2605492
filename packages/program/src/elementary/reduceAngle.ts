import type { ExactOps } from "./exact.ts";
import { MAGIC } from "./exp.ts";
import { reduceLargeAngle } from "./reduceLargeAngle.ts";

/** `x = n π/2 + (r - negLow)`, `|r| ≤ π/4` (a little more by rounding). */
export interface Angle<V, I> {
  readonly r: V;
  /** `+0` for `x = ±0`. */
  readonly negLow: V;
  /** An integer whose last two bits are those of `n`. */
  readonly n: I;
}

const TWO_OVER_PI = 0.6366197723675814;
// π/2 in parts of 36, 36 and 53 bits: the products of n < 2¹⁷ with the first two are exact.
const PIO2_1 = 1.5707963267923333;
const PIO2_2 = 2.5633441515839558e-12;
const PIO2_3 = 1.0562999066987428e-23;

/**
 * The reduction that `sin`, `cos` and `tan` share. Up to 2·10⁵ three parts of π/2 are subtracted one
 * after the other (Cody and Waite), which leaves an error of at most 2^-55 of the remainder even for
 * the floats nearest to multiples of π/2; beyond, `reduceLargeAngle`.
 */
export function reduceAngle<V, I, B>(o: ExactOps<V, I, B>, x: V): Angle<V, I> {
  const [r, negLow, shifted] = o.cond(
    o.lt(o.abs(x), o.constant(2e5)),
    () => {
      const nearest = o.add(o.mul(x, o.constant(TWO_OVER_PI)), o.constant(MAGIC));
      const n = o.sub(nearest, o.constant(MAGIC));
      const first = o.sub(x, o.mul(n, o.constant(PIO2_1))); //    exact
      const second = o.mul(n, o.constant(PIO2_2));
      const third = o.mul(n, o.constant(PIO2_3));
      const middle = o.sub(first, second);
      const last = o.sub(middle, third);
      const middleError = o.sub(second, o.sub(first, middle));
      const lastError = o.sub(third, o.sub(middle, last));
      return [last, o.add(middleError, lastError), nearest];
    },
    () => o.apart(reduceLargeAngle, x),
  );
  return { r, negLow, n: o.bits(shifted) };
}
