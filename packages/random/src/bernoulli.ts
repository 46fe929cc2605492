import { less, type ShapeLike, type ShapeOf } from "@diffrax-ts/array";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";
import { checkKnown, floats, shapeFor } from "./arguments.ts";
import type { Key } from "./key.ts";
import { between } from "./uniform.ts";

/**
 * Truth values, each true with probability `p`: `u < p`, `u` uniform in `[0, 1)`.
 *
 * @param p - From 0 to 1; an array gives each element its own. Numbers count as float64, a float32 draws in float32. @defaultValue 0.5
 * @param shape - Of the result. @defaultValue that of `p`
 * @returns bool.
 * @throws TypeError if `key` is no key, or if `p` does not fit into the shape; RangeError if `p` is no probability.
 *
 * @example
 * ```ts
 * import { bernoulli, key } from "@diffrax-ts/random";
 *
 * bernoulli(key(0), 0.3, [4]).toArray();
 * // → [0, 1, 0, 0]
 * ```
 */
export function bernoulli<const Shape extends ShapeLike = readonly number[]>(
  key: Key,
  p: Leaf = 0.5,
  shape?: Shape,
): Tensor<ShapeOf<Shape>> {
  const name = "bernoulli";
  const chance = floats(name, "p", p);
  const wanted = shapeFor(name, shape, { p: chance.shape });
  checkKnown(name, "p", chance, { isRight: (x) => x >= 0 && x <= 1, must: "be from 0 to 1" });
  const dtype = chance.dtype as "float64" | "float32";
  return less(between(name, key, wanted, { dtype }), chance) as Tensor<ShapeOf<Shape>>;
}
