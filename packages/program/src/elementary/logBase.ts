import type { ExactOps } from "./exact.ts";
import { normalForLog, logParts } from "./log.ts";
import { logPair } from "./logPair.ts";
import { high } from "./pairs.ts";

/** `log x · (factorTop + factorLow)`, where the factor is `1 / (1.5 log base)`, its top of 26 bits. */
function logBase<V, I, B>(o: ExactOps<V, I, B>, x: V, factorTop: number, factorLow: number): V {
  const parts = logParts(o, ...normalForLog(o, x));
  const [value, error] = logPair(o, parts);
  const top = high(o, o.add(value, error));
  const low = o.add(o.sub(value, top), error);
  const product = o.mul(top, o.constant(factorTop)); //           exact
  const rest = o.add(
    o.mul(low, o.constant(factorTop + factorLow)),
    o.mul(top, o.constant(factorLow)),
  );
  // k is infinite or NaN where the logarithm is.
  return o.select(o.lt(o.abs(parts.k), o.constant(Infinity)), o.add(product, rest), parts.k);
}

/** The logarithm to base 2, exact for powers of 2. Within 0.55 ulp. */
export function log2<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return logBase(o, x, 0.9617966860532761, 7.872699542894897e-9);
}

/**
 * The logarithm to base 10, exact for powers of 10 (up to 10²², as far as these are floats). Within
 * 0.55 ulp.
 */
export function log10<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return logBase(o, x, 0.2895296514034271, 3.198740761077315e-9);
}
