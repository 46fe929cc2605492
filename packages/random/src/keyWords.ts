import { isTraced, numberAs, scalarTensor } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { type Key, requireKey } from "./key.ts";
import { numberRounds, tensorRounds } from "./rounds.ts";

/** The words of a key, two scalars of uint32, or of many keys, two vectors: what a loop carries in the place of an array, of which a batch would pick its words anew. */
export type KeyWords = readonly [Scalar, Scalar] | readonly [Tensor, Tensor];

/**
 * The words of a key.
 *
 * @throws TypeError if `key` is no key.
 *
 * @example
 * ```ts
 * import { key, keyWords } from "@diffrax-ts/random";
 *
 * keyWords(key(7)).map((word) => word.item());
 * // → [0, 7]
 * ```
 */
export function keyWords(key: Key): readonly [Scalar, Scalar] {
  const known = requireKey("keyWords", key);
  return [known.at(0) as Scalar, known.at(1) as Scalar];
}

/**
 * `foldIn` for the words of a key: key `i` of those that `split` gives.
 *
 * @param i - uint32.
 *
 * @example
 * ```ts
 * import { foldInWords, key, keyWords } from "@diffrax-ts/random";
 *
 * foldInWords(keyWords(key(0)), 7).map((word) => word.item());
 * // → [2716826189, 292468403]
 * ```
 */
export function foldInWords(words: KeyWords, i: number | Scalar): KeyWords {
  const counter = typeof i === "number" ? numberAs("foldInWords", i, "uint32") : i;
  const [k0, k1, c1] = [...words, counter].map(knownWord);
  if (k0 !== null && k1 !== null && c1 !== null) {
    const [a, b] = numberRounds([k0!, k1!], [0, c1!]);
    return [scalarTensor("uint32", a >>> 0), scalarTensor("uint32", b >>> 0)];
  }
  return tensorRounds(words, [scalarTensor("uint32", 0), counter]);
}

function knownWord(word: Tensor): number | null {
  return isTraced(word) || word.shape.length > 0 ? null : word.item() | 0;
}
