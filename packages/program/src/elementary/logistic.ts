import type { ExactOps } from "./exact.ts";
import { expOfRest, expParts, finishFar, scale } from "./exp.ts";
import { twoSum } from "./pairs.ts";

/**
 * `1 / (1 + e^-x)`, accurate at both ends: with `D + d` the exact sum, `q - q² d`, `q = 1 / D`.
 * Below -708 it is `e^x`. Within 1.4 ulp.
 */
export function logistic<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const one = o.constant(1);
  const parts = expParts(o, o.neg(x));
  const { value: y, error: yError } = expOfRest(o, parts);
  const [value] = o.cond(
    o.lt(o.abs(x), o.constant(708)),
    () => {
      const [sum, sumError] = twoSum(o, one, scale(o, y, parts.k));
      const error = o.add(sumError, o.mul(yError, scale(o, one, parts.k)));
      const q = o.div(one, sum);
      return [o.sub(q, o.mul(q, o.mul(q, error)))];
    },
    () => {
      const small = finishFar(o, x, o.div(one, y), o.isub(o.integer(0n), parts.k));
      return [o.select(o.lt(o.constant(0), x), one, small)];
    },
  );
  return value;
}
