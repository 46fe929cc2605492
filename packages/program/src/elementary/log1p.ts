import type { ExactOps } from "./exact.ts";
import { BIAS, logFar, logOfParts, logParts } from "./log.ts";
import { twoSum } from "./pairs.ts";

/**
 * `log(1 + x)`, accurate near 0: the rounding error of `1 + x` goes into the reduced argument.
 * Within 0.9 ulp.
 */
export function log1p<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const zero = o.constant(0);
  const [sum, error] = twoSum(o, o.constant(1), x);
  const [normal, low, bias] = o.cond(
    o.and(o.lt(o.constant(-1), x), o.lt(x, o.constant(1.0715086071862673e301))),
    () => [sum, error, o.constant(BIAS)],
    () => {
      const [u, farBias] = logFar(o, sum, -54, BIAS);
      return [u, zero, farBias];
    },
  );
  const value = logOfParts(o, logParts(o, normal, bias, low));
  return o.select(o.eq(x, zero), x, value); // -0
}
