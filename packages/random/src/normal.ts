import { mul, type ShapeLike, type ShapeOf } from "@diffrax-ts/array";
import { checkOptions, type Tensor } from "@diffrax-ts/pytree";
import { erfInv } from "./erfInv.ts";
import type { Key } from "./key.ts";
import { between, type FloatOptions } from "./uniform.ts";

/**
 * Random numbers of the normal distribution with mean 0 and variance 1: `√2 erf⁻¹(u)`, `u` uniform in (-1, 1).
 *
 * @param shape - Of the result. @defaultValue []
 * @returns float64, or float32 by asking; JAX's numbers but for the last places.
 * @throws TypeError if `key` is no key, or if an option makes no sense.
 *
 * @example
 * ```ts
 * import { key, normal } from "@diffrax-ts/random";
 *
 * normal(key(0), [3]).toArray();
 * // → [-0.2058421394796434, -0.7847657764467411, 1.8160866726679836]
 * ```
 */
export function normal<const Shape extends ShapeLike = readonly []>(
  key: Key,
  shape?: Shape,
  options: FloatOptions = {},
): Tensor<ShapeOf<Shape>> {
  const { dtype = "float64" } = checkOptions("normal", options, ["dtype"]);
  // The float after -1 towards 0, so that the result is finite.
  const minval = dtype === "float64" ? 2 ** -53 - 1 : 2 ** -24 - 1;
  const u = between("normal", key, shape ?? [], { minval, maxval: 1, dtype });
  return mul(erfInv(u), Math.SQRT2) as Tensor<ShapeOf<Shape>>;
}
