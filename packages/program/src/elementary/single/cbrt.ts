import { cubeParts, scaleRoot } from "../cbrt.ts";
import type { ExactOps } from "../exact.ts";

/** The real cube root: `m y²`, `y = m^(-1/3)`. */
export function cbrt<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const a = o.abs(x);
  const { q, m, y } = cubeParts(o, a);
  const root = scaleRoot(o, o.mul(m, o.mul(y, y)), q);
  const isPlain = o.and(o.lt(o.constant(0), a), o.lt(a, o.constant(Infinity)));
  return o.select(isPlain, o.copysign(root, x), x);
}
