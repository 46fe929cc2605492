import { mul, type ShapeLike, type ShapeOf } from "@diffrax-ts/array";
import {
  checkOptions,
  describeValue,
  isTensor,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";
import { floatType, shapeOf } from "./arguments.ts";
import { blocks, blocksAt } from "./blocks.ts";
import { erfInv } from "./erfInv.ts";
import { type Key, requireKey } from "./key.ts";
import { type KeyWords, keyWords } from "./keyWords.ts";
import type { Pair } from "./rounds.ts";
import { type FloatOptions, openInterval } from "./uniform.ts";

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
  const type = floatType("normal", dtype);
  const words = blocks(requireKey("normal", key), shapeOf("normal", shape ?? []));
  return normalOf(words, type) as Tensor<ShapeOf<Shape>>;
}

/** Options of `normalAt`. */
export interface NormalAtOptions extends FloatOptions {
  /** How many numbers of this step come before, in other arrays. @defaultValue 0 */
  readonly offset?: number;
}

/**
 * Normal random numbers for a step of a loop, which counts its steps: those of other steps, or of another `offset`, are independent.
 *
 * A number costs one block of Threefry, as for `normal(foldIn(key, step), shape)` it costs two. Those of step 0 are `normal(key, shape)`.
 *
 * @param key - Or its two words, for a loop that carries them: a batch of such loops has no array of keys to pick them from. Of many keys these
 * are two vectors, and the result has a first axis of the keys.
 * @param step - An integer of 32 bits: uint32, of which there is one number.
 * @param shape - Of the result.
 * @throws TypeError if `key` is no key, if `step` is no uint32, or if an option makes no sense.
 *
 * @example
 * ```ts
 * import { astype } from "@diffrax-ts/array";
 * import { key, normal, normalAt } from "@diffrax-ts/random";
 *
 * normalAt(key(0), astype(1, "uint32"), [2]).toArray();
 * // → [-0.48262…, 0.19171…]
 * ```
 */
export function normalAt<const Shape extends ShapeLike>(
  key: Key | KeyWords,
  step: Scalar,
  shape: Shape,
  options: NormalAtOptions = {},
): Tensor<ShapeOf<Shape>> {
  const given = checkOptions("normalAt", options, ["dtype", "offset"]);
  const { dtype = "float64", offset = 0 } = given;
  const type = floatType("normalAt", dtype);
  if (!isTensor(step) || step.dtype !== "uint32" || step.shape.length > 0)
    throw new TypeError(`normalAt: step must be one number of uint32, got ${describeValue(step)}`);
  if (!Number.isInteger(offset) || offset < 0)
    throw new RangeError(`normalAt: offset must be an integer >= 0, got ${describeValue(offset)}`);
  const wanted = shapeOf("normalAt", shape);
  const own = isWords(key) ? key : keyWords(key);
  return normalOf(blocksAt(own, step, offset, wanted), type) as Tensor<ShapeOf<Shape>>;
}

function isWords(key: Key | KeyWords): key is KeyWords {
  return Array.isArray(key);
}

/** `√2 erf⁻¹(u)`, `u` uniform between the float after -1 and 1. */
function normalOf(words: Pair<Tensor>, dtype: "float64" | "float32"): Tensor {
  return mul(erfInv(openInterval(words, dtype)), Math.SQRT2);
}
