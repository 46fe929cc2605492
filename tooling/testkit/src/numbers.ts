import type { Tree } from "@diffrax-ts/protocol";
import { leaves, type Tensor } from "@diffrax-ts/pytree";

/** All numbers in a tree of tensors, one leaf after the other. */
export function numbersOf(tree: Tree): readonly number[] {
  return (leaves(tree) as readonly Tensor[]).flatMap((leaf) =>
    ([leaf.toArray()] as unknown[] as number[]).flat(leaf.shape.length),
  );
}

/** The largest distance between two lists of numbers; NaN if one of the distances is. */
export function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
}

/** The slope of the straight line nearest to `log₂ error` against the number of halvings. */
export function observedOrder(errors: readonly number[]): number {
  const middle = (errors.length - 1) / 2;
  const logs = errors.map((error) => -Math.log2(error));
  const top = logs.reduce((sum, y, i) => sum + y * (i - middle), 0);
  const bottom = logs.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return top / bottom;
}
