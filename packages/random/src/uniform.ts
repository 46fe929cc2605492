import { add, astype, maximum, mul, type ShapeLike, type ShapeOf, sub } from "@diffrax-ts/array";
import { bitwiseXor, shiftRightLogical } from "@diffrax-ts/program";
import { checkOptions, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { checkOrder, floats, floatType, shapeFor } from "./arguments.ts";
import { blocks } from "./blocks.ts";
import { type Key, requireKey } from "./key.ts";
import type { Pair } from "./rounds.ts";

/** The type of the numbers of a sampler. */
export interface FloatOptions {
  /** @defaultValue "float64" */
  readonly dtype?: "float64" | "float32";
}

/** Options of `uniform`. */
export interface UniformOptions extends FloatOptions {
  /** The least value; an array gives each element its own. @defaultValue 0 */
  readonly minval?: Leaf;
  /** The bound above, which is not reached. @defaultValue 1 */
  readonly maxval?: Leaf;
}

/**
 * Random numbers, all equally likely: `u (maxval - minval) + minval` with `u` a multiple of 2⁻⁵² (float32: 2⁻²³) in
 * `[0, 1)`.
 *
 * @param shape - Of the result. @defaultValue []
 * @returns float64, or float32 by asking. By rounding, `maxval` itself can occur if it is not 1.
 * @throws TypeError if `key` is no key, or if an option makes no sense; RangeError if `minval >= maxval`.
 *
 * @example
 * ```ts
 * import { key, uniform } from "@diffrax-ts/random";
 *
 * uniform(key(0), [2]).toArray();
 * // → [0.41845711171638644, 0.21629545460551136]
 * uniform(key(0), [], { minval: -1, maxval: 1 }).item();
 * // → -0.1630857765672271
 * ```
 */
export function uniform<const Shape extends ShapeLike = readonly []>(
  key: Key,
  shape?: Shape,
  options: UniformOptions = {},
): Tensor<ShapeOf<Shape>> {
  const given = checkOptions("uniform", options, ["minval", "maxval", "dtype"]);
  return between("uniform", key, shape ?? [], given) as Tensor<ShapeOf<Shape>>;
}

/** What `uniform` does for another function. */
export function between(
  name: string,
  key: Key,
  shape: ShapeLike,
  { minval = 0, maxval = 1, dtype = "float64" }: UniformOptions,
): Tensor {
  const type = floatType(name, dtype);
  // Bounds are rounded to the dtype before anything is computed of them.
  const [low, high] = [floats(name, "minval", minval, type), floats(name, "maxval", maxval, type)];
  const wanted = shapeFor(name, shape, { minval: low.shape, maxval: high.shape });
  const unit = unitInterval(blocks(requireKey(name, key), wanted), type);
  if (minval === 0 && maxval === 1) return unit;
  checkOrder(name, { minval: low, maxval: high });
  return maximum(add(mul(unit, sub(high, low)), low), low);
}

/** Uniform in (-1, 1): what `between` gives from the float after -1 to 1. */
export function openInterval(words: Pair<Tensor>, dtype: "float64" | "float32"): Tensor {
  const least = dtype === "float64" ? 2 ** -53 - 1 : 2 ** -24 - 1;
  // The length 1 - least is 2 when rounded, and no product is below 0, so that no sum is below the least.
  return add(mul(unitInterval(words, dtype), 2), least);
}

/** The bits of two words as a number in [0, 1). */
function unitInterval([first, second]: Pair<Tensor>, dtype: "float64" | "float32"): Tensor {
  if (dtype === "float32")
    return mul(astype(shiftRightLogical(bitwiseXor(first, second), 9), dtype), 2 ** -23);
  // The upper 52 of 64 bits as an integer: 2²⁰ a + (b >>> 12).
  const lower = astype(shiftRightLogical(second, 12), dtype);
  return mul(add(mul(astype(first, dtype), 2 ** 20), lower), 2 ** -52);
}
