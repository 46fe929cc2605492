import type { Fixed } from "./fixed.ts";
import { flatten } from "./flatten.ts";
import type { Leaf, Static } from "./Leaf.ts";
import type { Part } from "./part.ts";
import { build } from "./unflatten.ts";

/** `T` with numbers in place of `fixed` ones. */
export type Unwrapped<T> = T extends Fixed
  ? number
  : T extends Leaf | Static | Part
    ? T
    : { [Key in keyof T]: Unwrapped<T[Key]> };

/**
 * A copy of plain data in which every `fixed(n)` is the number `n`: what the function sees that the data is for.
 * Parts are left as they are.
 *
 * @example
 * ```ts
 * import { fixed, unwrapFixed } from "@diffrax-ts/pytree";
 *
 * unwrapFixed({ rate: 0.5, cells: fixed(8) });
 * // → { rate: 0.5, cells: 8 }
 * ```
 */
export function unwrapFixed<const T>(tree: T): Unwrapped<T> {
  const { leaves, structure } = flatten(tree);
  return build(structure, leaves, 0, true) as Unwrapped<T>;
}
