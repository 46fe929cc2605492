import { flatten } from "./flatten.ts";
import { flattenLike } from "./flattenLike.ts";
import type { Leaf, Static, TypedArray } from "./Leaf.ts";
import type { Part } from "./part.ts";
import type { Tensor } from "./Tensor.ts";
import { unflatten } from "./unflatten.ts";

/** The union of the types of the leaves of `T`. */
export type LeafOf<T> = unknown extends T
  ? Leaf
  : T extends Leaf
    ? T
    : T extends Static
      ? never
      : T extends Part
        ? Tensor | TypedArray
        : T extends readonly (infer Element)[]
          ? LeafOf<Element>
          : { [Key in keyof T]: LeafOf<T[Key]> }[keyof T];

/** `T` with `Result` in place of each leaf. */
export type Mapped<T, Result> = unknown extends T
  ? unknown
  : T extends Leaf
    ? Result
    : T extends Static | Part
      ? T
      : { [Key in keyof T]: Mapped<T[Key], Result> };

/**
 * `fn(leaf, …)` in place of every leaf of trees of the same structure.
 *
 * @param fn - Called once per leaf, in the order of sorted keys, with the leaf of each tree at that place.
 * @returns A new tree with the containers of `tree`.
 * @throws TypeError that names the place where one of `rest` departs from the structure of `tree`.
 *
 * @example
 * ```ts
 * import { map } from "@diffrax-ts/pytree";
 *
 * map((x) => 2 * x, { x: 1, v: [2, 3] });
 * // → { x: 2, v: [4, 6] }
 * map((x, dx) => x + 0.1 * dx, { x: 1, v: 0 }, { x: 0, v: -10 });
 * // → { x: 1, v: -1 }
 * ```
 */
export function map<T, Rest extends readonly unknown[], Result>(
  fn: (leaf: LeafOf<T>, ...rest: { [I in keyof Rest]: LeafOf<Rest[I]> }) => Result,
  tree: T,
  ...rest: Rest
): Mapped<T, Result> {
  const { leaves, structure } = flatten(tree, "map: tree");
  const columns = rest.map((other, i) => flattenLike(structure, other, `map: rest[${i}]`));
  const call = fn as (...leaves: unknown[]) => Result;
  const results = leaves.map((leaf, i) => call(leaf, ...columns.map((column) => column[i])));
  return unflatten(structure, results) as Mapped<T, Result>;
}
