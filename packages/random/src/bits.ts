import { astype, type ShapeLike, type ShapeOf } from "@diffrax-ts/array";
import { bitwiseAnd, bitwiseOr, bitwiseXor, shiftLeft } from "@diffrax-ts/program";
import { checkOptions, describeValue, type Tensor } from "@diffrax-ts/pytree";
import { shapeOf } from "./arguments.ts";
import { blocks } from "./blocks.ts";
import { type Key, requireKey } from "./key.ts";

/** Options of `bits`. */
export interface BitsOptions {
  /** How many bits there are in an element. @defaultValue 32 */
  readonly bitWidth?: 8 | 16 | 32 | 64;
}

/**
 * Random bits, each 0 or 1 with probability ½.
 *
 * @param shape - Of the result. @defaultValue []
 * @returns uint32, from 0 up to, and without, `2^bitWidth`; with 64 bits int64, half of whose numbers are negative.
 * @throws TypeError if `key` is no key, or if an option makes no sense.
 *
 * @example
 * ```ts
 * import { bits, key } from "@diffrax-ts/random";
 *
 * bits(key(0), [2, 2]).toArray();
 * // → [[4070199207, 4202968722], [1427181096, 2012915765]]
 * bits(key(0), [3], { bitWidth: 8 }).toArray();
 * // → [167, 146, 40]
 * ```
 */
export function bits<const Shape extends ShapeLike = readonly []>(
  key: Key,
  shape?: Shape,
  options: BitsOptions = {},
): Tensor<ShapeOf<Shape>> {
  const { bitWidth = 32 } = checkOptions("bits", options, ["bitWidth"]);
  if (![8, 16, 32, 64].includes(bitWidth)) {
    throw new TypeError(`bits: bitWidth must be 8, 16, 32 or 64, got ${describeValue(bitWidth)}`);
  }
  const [first, second] = blocks(requireKey("bits", key), shapeOf("bits", shape ?? []));
  if (bitWidth === 64) {
    const upper = shiftLeft(astype(first, "int64"), 32);
    return bitwiseOr(upper, astype(second, "int64")) as Tensor<ShapeOf<Shape>>;
  }
  const word = bitwiseXor(first, second);
  return (bitWidth === 32 ? word : bitwiseAnd(word, 2 ** bitWidth - 1)) as Tensor<ShapeOf<Shape>>;
}
