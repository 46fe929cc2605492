import { tensor } from "@diffrax-ts/array";
import { type Key, knownWords, requireKey } from "./key.ts";
import { numberRounds, tensorRounds } from "./rounds.ts";

/**
 * Threefry-2x32 with 20 rounds: two words for a key and a counter, which look random and are always the same.
 * Everything else here is made of it. A round is, modulo 2³² and with `⋘` for a rotation to the left,
 *
 * ```text
 * x₀ ← x₀ + x₁,  x₁ ← (x₁ ⋘ r) ⊕ x₀
 * ```
 *
 * with eight values of `r` in turn; before the first round and after every fourth, words of the key are added.
 *
 * @param key - uint32, `[2]`.
 * @param counter - uint32, `[2]`.
 * @returns uint32, `[2]`.
 * @throws TypeError if one of them is something else.
 * @see Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, doi:10.1145/2063384.2063405
 *
 * @example
 * ```ts
 * import { zeros } from "@diffrax-ts/array";
 * import { key, threefry2x32 } from "@diffrax-ts/random";
 *
 * threefry2x32(key(0), zeros(2, { dtype: "uint32" })).toArray();
 * // → [1797259609, 2579123966]
 * ```
 */
export function threefry2x32(key: Key, counter: Key): Key {
  const first = requireKey("threefry2x32", key);
  const second = requireKey("threefry2x32", counter, "counter");
  const [k, c] = [knownWords(first), knownWords(second)];
  const words =
    k !== null && c !== null
      ? numberRounds(k, c).map((word) => word >>> 0)
      : tensorRounds([first.at(0), first.at(1)], [second.at(0), second.at(1)]);
  return tensor(words, { dtype: "uint32" });
}
