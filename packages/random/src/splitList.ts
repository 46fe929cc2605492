import { describeValue } from "@diffrax-ts/pytree";
import type { Key } from "./key.ts";
import { split } from "./split.ts";

/** So many keys, if the number is known to the compiler. */
export type KeyList<N extends number> = number extends N ? readonly Key[] : KeyTuple<N>;

type KeyTuple<
  N extends number,
  Keys extends readonly Key[] = readonly [],
> = Keys["length"] extends N ? Keys : KeyTuple<N, readonly [...Keys, Key]>;

/**
 * The keys of `split(key, num)` in an array, to be unpacked.
 *
 * @param num - How many. @defaultValue 2
 * @throws TypeError if `key` is no key or `num` no integer from 0 on.
 *
 * @example
 * ```ts
 * import { key, normal, splitList } from "@diffrax-ts/random";
 *
 * const [a, b] = splitList(key(0));
 * normal(a, [2]).toArray();
 * // → [1.88003…, -0.48121…]
 * normal(b).item();
 * // → -1.40088…
 * ```
 */
export function splitList<const N extends number = 2>(key: Key, num?: N): KeyList<N> {
  const n: number = num ?? 2;
  if (!Number.isInteger(n) || n < 0) {
    throw new TypeError(`splitList: num must be an integer >= 0, got ${describeValue(num)}`);
  }
  const keys = split(key, n);
  return Array.from({ length: n }, (_, i) => keys.at(i)) as readonly Key[] as KeyList<N>;
}
