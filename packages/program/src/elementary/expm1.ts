import type { ExactOps } from "./exact.ts";
import { type ExpParts, expOfRest, expParts, finishFar, scale } from "./exp.ts";

/**
 * `e^x - 1` from the parts of `x`, `|x| < 709`: the sum of `2^k - 1`, exact or nearly so, and `2^k
 * (e^r - 1)`.
 */
function expm1OfParts<V, I, B>(o: ExactOps<V, I, B>, { k, hi, negLow }: ExpParts<V, I>): V {
  const one = o.constant(1);
  const power = scale(o, one, k);
  const rest = o.sub(one, power);
  const grown = o.mul(power, hi);
  const high = o.sub(grown, rest);
  const lost = o.sub(grown, o.add(high, rest)); // by the rounding of `high`
  const negRest = o.sub(o.mul(power, negLow), lost);
  return o.sub(high, negRest); // a difference, so that zeros keep their sign
}

/** `e^x - 1`, accurate near 0. Within 1.35 ulp. */
export function expm1<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const parts = expParts(o, x);
  const near = expm1OfParts(o, parts);
  const [value] = o.cond(
    o.lt(o.abs(x), o.constant(708)),
    () => [near],
    () => {
      const large = finishFar(o, x, expOfRest(o, parts).value, parts.k);
      return [o.select(o.lt(x, o.constant(0)), o.constant(-1), large)];
    },
  );
  return value;
}
