import { argsort, moveaxis, take, zeros } from "@diffrax-ts/array";
import { asTensor, sizeOf } from "@diffrax-ts/program";
import { checkOptions, type Leaf, type Tensor, type Traced } from "@diffrax-ts/pytree";
import { axisOf } from "./arguments.ts";
import { alongLast } from "./alongLast.ts";
import { bits } from "./bits.ts";
import { type Key, requireKey } from "./key.ts";
import { splitList } from "./splitList.ts";

/** Options of `permutation`. */
export interface PermutationOptions {
  /** The axis whose elements are put in another order. @defaultValue 0 */
  readonly axis?: number;
  /** Whether each row along the axis gets an order of its own. @defaultValue false */
  readonly independent?: boolean;
}

/**
 * The elements of an array, or the numbers from 0 up to `x`, in a random order.
 *
 * @param x - An array, or how many numbers.
 * @returns An array like `x`; int32 for a number.
 * @throws TypeError if `key` is no key, or if an option makes no sense; RangeError for an axis that there is not.
 *
 * @example
 * ```ts
 * import { key, permutation } from "@diffrax-ts/random";
 *
 * permutation(key(0), 5).toArray();
 * // → [0, 1, 4, 3, 2]
 * ```
 */
export function permutation(key: Key, x: number): Tensor<readonly [number]>;
export function permutation<X extends Leaf>(
  key: Key,
  x: X,
  options?: PermutationOptions,
): Traced<X>;
export function permutation(key: Key, x: Leaf, options: PermutationOptions = {}): Tensor {
  const name = "permutation";
  const { axis = 0, independent = false } = checkOptions(name, options, ["axis", "independent"]);
  const checked = requireKey(name, key);
  if (typeof x === "number") {
    if (Number.isInteger(x) && x >= 0) return shuffledPlaces(checked, [x], 0);
    throw new RangeError(`${name}: x must be an array or an integer >= 0, got ${x}`);
  }
  const array = asTensor(x, name);
  const { shape } = array;
  const along = axisOf(name, axis, shape);
  if (!independent)
    return take(array, shuffledPlaces(checked, [shape[along]!], 0), { axis: along });
  const places = shuffledPlaces(checked, shape, along);
  return moveaxis(alongLast(moveaxis(array, along, -1), places), -1, along);
}

/**
 * Places along an axis, which comes last, in a random order: sorted by random words, and so often that equal words do not matter.
 */
function shuffledPlaces(key: Key, shape: readonly number[], axis: number): Tensor {
  const rounds = Math.ceil((3 * Math.log(Math.max(1, sizeOf(shape)))) / Math.log(2 ** 32 - 1));
  let last = key;
  let places: Tensor | null = null;
  for (let round = 0; round < rounds; round++) {
    const [next, words] = splitList(last);
    const order = argsort(moveaxis(bits(words, shape), axis, -1));
    places = places === null ? order : alongLast(places, order);
    last = next;
  }
  return places ?? zeros(shape, { dtype: "int32" }); // at most one element
}
