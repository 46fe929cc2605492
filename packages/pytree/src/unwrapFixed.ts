import type { Fixed } from "./fixed.ts";
import { flatten } from "./flatten.ts";
import type { Leaf, Static } from "./Leaf.ts";
import type { Part } from "./part.ts";
import type { Structure } from "./Structure.ts";
import { build, requireLeaves } from "./unflatten.ts";

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

/**
 * `unwrapFixed(unflatten(structure, leaves))`, in one walk.
 *
 * @throws RangeError if there are more or fewer leaves than the structure has places.
 *
 * @example
 * ```ts
 * import { fixed, flatten, unflattenUnwrapped } from "@diffrax-ts/pytree";
 *
 * const { structure } = flatten({ rate: 0.5, cells: fixed(8) });
 * unflattenUnwrapped(structure, [0.25]);
 * // → { rate: 0.25, cells: 8 }
 * ```
 */
export function unflattenUnwrapped(structure: Structure, leaves: readonly unknown[]): unknown {
  requireLeaves("unflattenUnwrapped", structure, leaves);
  return build(structure, leaves, 0, true);
}
