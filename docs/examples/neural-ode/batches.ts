import { bits, type Key, split } from "@diffrax-ts/random";

/**
 * Random batches: all numbers below `total` in random order, then in another order, and so on without end.
 *
 * @yields `size` of them at a time.
 */
export function* batches(total: number, size: number, key: Key): Generator<number[]> {
  for (let next = key; ; next = split(next, 1).at(0)) {
    const order = permutation(next, total);
    for (let i = 0; i + size <= total; i += size) yield order.slice(i, i + size);
  }
}

/** The numbers below `n` in random order: that of `jax.random.permutation`, for `n` up to 1625. */
export function permutation(key: Key, n: number): number[] {
  const words = [...bits(split(key).at(1), [n])];
  return [...words.keys()].sort((a, b) => words[a]! - words[b]!);
}
