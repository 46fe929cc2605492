import { neg, type ShapeLike, type ShapeOf } from "@diffrax-ts/array";
import { checkOptions, type Tensor } from "@diffrax-ts/pytree";
import type { Key } from "./key.ts";
import { log1p } from "./log1p.ts";
import { between, type FloatOptions } from "./uniform.ts";

/**
 * Random numbers of the exponential distribution with mean 1: `-log(1 - u)`, `u` uniform in `[0, 1)`.
 *
 * @param shape - Of the result. @defaultValue []
 * @returns float64, or float32 by asking; from 0 on.
 * @throws TypeError if `key` is no key, or if an option makes no sense.
 *
 * @example
 * ```ts
 * import { exponential, key } from "@diffrax-ts/random";
 *
 * exponential(key(0), [2]).toArray();
 * // → [0.54207…, 0.24372…]
 * ```
 */
export function exponential<const Shape extends ShapeLike = readonly []>(
  key: Key,
  shape?: Shape,
  options: FloatOptions = {},
): Tensor<ShapeOf<Shape>> {
  const given = checkOptions("exponential", options, ["dtype"]);
  const u = between("exponential", key, shape ?? [], given);
  return neg(log1p(neg(u))) as Tensor<ShapeOf<Shape>>;
}
