import { add, broadcastTo, mul, numberAs, type Ranked } from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";
import { alike } from "./alike.ts";
import { slice } from "./slice.ts";

/**
 * The polynomial `p[0] x^(n-1) + … + p[n-2] x + p[n-1]`, by Horner's rule; 0 without coefficients. Of the
 * shape of `x`.
 *
 * @param p - The coefficients, the highest first: a vector, or a list of scalars.
 * @throws TypeError if `p` is neither.
 *
 * @example
 * ```ts
 * import { polyval } from "@diffrax-ts/array";
 *
 * polyval([1, 2, 3], 10).item();
 * // → 123
 * ```
 */
export function polyval<X extends Leaf>(p: Leaf | readonly Leaf[], x: X): Ranked<X> {
  const [array, ...given] = alike("polyval", [
    x,
    ...(Array.isArray(p) ? (p as readonly Leaf[]) : [p as Leaf]),
  ]);
  const coefficients = Array.isArray(p) ? given : rowsOf(given[0]!);
  const odd = coefficients.find((c) => c.shape.length > 0);
  if (odd !== undefined) {
    throw new TypeError(
      `polyval: p must be a vector or a list of scalars, got one of shape [${odd.shape.join()}]`,
    );
  }
  const [first = numberAs("polyval", 0, array.dtype), ...rest] = coefficients;
  let value = broadcastTo(first, array.shape);
  for (const c of rest) value = add(mul(value, array), c);
  return value;
}

function rowsOf(p: Tensor): readonly Tensor[] {
  if (p.shape.length !== 1) return [p];
  return Array.from({ length: p.shape[0]! }, (_, i) => slice(p, i));
}
