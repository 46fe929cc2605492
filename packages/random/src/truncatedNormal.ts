import { div, erf, maximum, minimum, mul, nextafter, type ShapeLike } from "@diffrax-ts/array";
import { checkOptions, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { checkOrder, floats, floatType, shapeFor } from "./arguments.ts";
import { erfInv } from "./erfInv.ts";
import type { Key } from "./key.ts";
import { between, type FloatOptions } from "./uniform.ts";

/**
 * Random numbers of the normal distribution between two bounds: `√2 erf⁻¹(u)`, `u` uniform between `erf(lower / √2)` and
 * `erf(upper / √2)`.
 *
 * It can be differentiated with respect to the bounds. Far out, where `erf` is nearly 1, there are few numbers to draw from:
 * from 8.3 on there are none in float64.
 *
 * @param lower - An array gives each element its own.
 * @param upper - Likewise.
 * @param shape - Of the result. @defaultValue that of the bounds
 * @returns float64, or float32 by asking; strictly between the bounds.
 * @throws TypeError if `key` is no key, or if the bounds do not fit into the shape; RangeError if `lower >= upper`.
 *
 * @example
 * ```ts
 * import { key, truncatedNormal } from "@diffrax-ts/random";
 *
 * truncatedNormal(key(0), -1, 1, [2]).toArray();
 * // → [-0.14000…, -0.50631…]
 * ```
 */
export function truncatedNormal(
  key: Key,
  lower: Leaf,
  upper: Leaf,
  shape?: ShapeLike,
  options: FloatOptions = {},
): Tensor {
  const name = "truncatedNormal";
  const { dtype: asked = "float64" } = checkOptions(name, options, ["dtype"]);
  const dtype = floatType(name, asked);
  const [low, high] = [floats(name, "lower", lower, dtype), floats(name, "upper", upper, dtype)];
  const wanted = shapeFor(name, shape, { lower: low.shape, upper: high.shape });
  checkOrder(name, { lower: low, upper: high });
  const minval = erf(div(low, Math.SQRT2));
  const maxval = erf(div(high, Math.SQRT2));
  const draw = mul(erfInv(between(name, key, wanted, { minval, maxval, dtype })), Math.SQRT2);
  const inside = maximum(draw, nextafter(low, Infinity));
  return minimum(inside, nextafter(high, -Infinity));
}
