import { asTensor, likeLeaf } from "@diffrax-ts/autodiff";
import {
  describeValue,
  flatten,
  flattenLike,
  keyPaths,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";

/**
 * `f` at the leaves of trees of one structure, by the names of the trees. The result has the structure of the first tree, with
 * numbers for its numbers.
 *
 * @throws TypeError that says where a tree departs from the first in structure, dtype or shape.
 */
export function mapLeaves<T>(
  f: (...leaves: Tensor[]) => Tensor,
  trees: Readonly<Record<string, unknown>>,
): T {
  const [[name, tree], ...others] = Object.entries(trees) as [[string, T], ...[string, T][]];
  const { leaves, structure } = flatten(tree, name);
  const rows = leaves.map((leaf) => [asTensor(leaf, name)]);
  for (const [otherName, other] of others) {
    for (const [i, leaf] of flattenLike(structure, other, otherName).entries()) {
      const x = asTensor(leaf, otherName);
      const first = rows[i]![0]!;
      if (x.dtype !== first.dtype || x.shape.join() !== first.shape.join()) {
        const path = keyPaths(structure, otherName)[i]!;
        throw new TypeError(
          `${path}: expected ${describeValue(first)}, as in ${name}, got ${describeValue(x)}`,
        );
      }
      rows[i]!.push(x);
    }
  }
  const results = rows.map((row, i) => likeLeaf(f(...row), leaves[i]!));
  return unflatten(structure, results) as T;
}
