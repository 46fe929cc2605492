import { asTensor, tensor } from "@diffrax-ts/array";
import { isTraced } from "@diffrax-ts/program";
import { describeValue, isStrided, isTensor, type Tensor } from "@diffrax-ts/pytree";
import type { Pair } from "./rounds.ts";

/** The key of a stream of random numbers: uint32, `[2]`. It is data, and may be stored, batched and traced. */
export type Key = Tensor;

/**
 * The key of the stream with this seed: the upper and the lower 32 bits of the seed, as a signed integer of 64.
 *
 * The same key always gives the same numbers. So use a key once: for more numbers `split` it, or `foldIn` an index.
 *
 * @param seed - An integer; a `bigint` beyond 2⁵³.
 * @returns uint32, `[2]`.
 * @throws RangeError if the seed is no integer, or does not fit.
 *
 * @example
 * ```ts
 * import { key, normal, split } from "@diffrax-ts/random";
 *
 * const keys = split(key(0));
 * normal(keys.at(0), [2]).toArray();
 * // → [1.88003…, -0.48121…]
 * ```
 */
export function key(seed: number | bigint): Key {
  if (typeof seed === "bigint" ? BigInt.asIntN(64, seed) !== seed : !Number.isSafeInteger(seed)) {
    throw new RangeError(
      `key: seed must be an integer of at most 64 bits, exact, got ${describeValue(seed)}`,
    );
  }
  const bits = BigInt.asUintN(64, BigInt(seed));
  return tensor([Number(bits >> 32n), Number(bits & 0xffffffffn)], { dtype: "uint32" });
}

/**
 * A key as a tensor: for functions of others that take one.
 *
 * @param name - Of the function, for errors.
 * @throws TypeError for what is not two words of 32 bits.
 *
 * @example
 * ```ts
 * import { key, requireKey } from "@diffrax-ts/random";
 *
 * requireKey("myNoise", key(5)).toArray();
 * // → [0, 5]
 * ```
 */
export function requireKey(name: string, key: Key, argument = "key"): Key {
  const x = isStrided(key) ? asTensor(key, name) : key;
  if (isTensor(x) && x.dtype === "uint32" && x.shape.join() === "2") return x;
  const isMany = isTensor(x) && x.dtype === "uint32" && x.shape.at(-1) === 2;
  const advice = isMany
    ? "take one of the keys with .at(i), or all of them with vmap"
    : "make one with key(seed)";
  throw new TypeError(`${name}: ${argument} must be uint32[2], got ${describeValue(x)}; ${advice}`);
}

/** The words of a key that is known; `null` for a traced one. */
export function knownWords(key: Key): Pair<number> | null {
  if (isTraced(key)) return null;
  const { data, stride, offset } = key;
  return [Number(data[offset]) | 0, Number(data[offset + stride[0]!]) | 0];
}
