import { log, neg, type ShapeLike, type ShapeOf } from "@diffrax-ts/array";
import { checkOptions, type Tensor } from "@diffrax-ts/pytree";
import { floatType } from "./arguments.ts";
import type { Key } from "./key.ts";
import { between, type FloatOptions } from "./uniform.ts";

/**
 * Random numbers of the Gumbel distribution: `-log(-log u)`, `u` uniform in `(0, 1)`. The place of the largest of `logits + gumbel` is
 * a random category.
 *
 * @param shape - Of the result. @defaultValue []
 * @returns float64, or float32 by asking.
 * @throws TypeError if `key` is no key, or if an option makes no sense.
 *
 * @example
 * ```ts
 * import { gumbel, key } from "@diffrax-ts/random";
 *
 * gumbel(key(0), [2]).toArray();
 * // → [0.13791…, -0.42599…]
 * ```
 */
export function gumbel<const Shape extends ShapeLike = readonly []>(
  key: Key,
  shape?: Shape,
  options: FloatOptions = {},
): Tensor<ShapeOf<Shape>> {
  const { dtype = "float64" } = checkOptions("gumbel", options, ["dtype"]);
  const minval = floatType("gumbel", dtype) === "float64" ? 2 ** -1022 : 2 ** -126;
  const u = between("gumbel", key, shape ?? [], { minval, dtype });
  return neg(log(neg(log(u)))) as Tensor<ShapeOf<Shape>>;
}
