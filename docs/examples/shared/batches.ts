import { np, type Tensor } from "@diffrax-ts/core";
import { type Key, permutation, split } from "@diffrax-ts/random";

/**
 * Random batches: all numbers below `total` in random order, then in another order, and so on without end.
 *
 * @yields `size` of them at a time, for `np.take`.
 */
export function* batches(
  total: number,
  size: number,
  key: Key,
): Generator<Tensor<readonly [number]>, never> {
  for (let next = key; ; next = split(next, 1).at(0)) {
    const order = permutation(next, total);
    for (let i = 0; i + size <= total; i += size) yield np.slice(order, [i, i + size]);
  }
}
