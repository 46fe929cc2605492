import { reshape, type ShapeLike, stack } from "@diffrax-ts/array";
import type { Tensor } from "@diffrax-ts/pytree";
import { shapeOf } from "./arguments.ts";
import { blocks } from "./blocks.ts";
import { type Key, requireKey } from "./key.ts";

/**
 * New keys from one, whose streams have nothing to do with one another. Do not use the old one again.
 *
 * The first keys are the same, however many there are.
 *
 * @param num - How many, or a shape. @defaultValue 2
 * @returns uint32, `[num, 2]` or `[...num, 2]`: `.at(i)` is a key, and `vmap` takes all of them.
 * @throws TypeError if `key` is no key or `num` no shape.
 *
 * @example
 * ```ts
 * import { key, split } from "@diffrax-ts/random";
 *
 * const keys = split(key(0), 3);
 * keys.shape;
 * // → [3, 2]
 * keys.at(1).toArray();
 * // → [928981903, 3453687069]
 * ```
 */
export function split(key: Key, num: ShapeLike = 2): Tensor {
  const shape = shapeOf("split", num);
  return reshape(stack([...blocks(requireKey("split", key), shape)], { axis: -1 }), [...shape, 2]);
}
