import {
  add,
  bitcast,
  equal,
  less,
  lessEqual,
  mul,
  rem,
  type ShapeLike,
  type ShapeOf,
  sub,
  where,
} from "@diffrax-ts/array";
import {
  asTensor,
  bitwiseAnd,
  isTraced,
  scalarTensor,
  shiftLeft,
  shiftRightLogical,
} from "@diffrax-ts/program";
import { checkOptions, describeValue, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { elements, shapeFor } from "./arguments.ts";
import { bits } from "./bits.ts";
import type { Key } from "./key.ts";
import { splitList } from "./splitList.ts";

/** Options of `randint`. */
export interface RandintOptions {
  /** The numbers depend on it. @defaultValue "int64" */
  readonly dtype?: "int32" | "uint32" | "int64";
}

/** The least number of a dtype, and the first one beyond it. */
const ranges = {
  int32: [-(2n ** 31n), 2n ** 31n],
  uint32: [0n, 2n ** 32n],
  int64: [-(2n ** 63n), 2n ** 63n],
} as const;

type Integer = keyof typeof ranges;

/**
 * Random integers from `minval` up to, and without, `maxval`: nearly equally likely, as they are remainders of twice as many
 * random bits as the dtype has.
 *
 * @param shape - Of the result.
 * @param minval - The least integer; an array gives each element its own.
 * @param maxval - The first one that is too large; a `bigint` beyond 2⁵³.
 * @returns int64, as in JAX with float64 switched on, or what is asked for.
 * @throws TypeError if `key` is no key or a bound no integer; RangeError if a bound does not fit into the dtype, or if
 * there is no integer between them.
 *
 * @example
 * ```ts
 * import { key, randint } from "@diffrax-ts/random";
 *
 * randint(key(0), [4], 1, 7).toArray();
 * // → [4, 6, 6, 6]
 * ```
 */
export function randint<const Shape extends ShapeLike>(
  key: Key,
  shape: Shape,
  minval: Leaf | bigint,
  maxval: Leaf | bigint,
  options: RandintOptions = {},
): Tensor<ShapeOf<Shape>> {
  const name = "randint";
  const { dtype = "int64" } = checkOptions(name, options, ["dtype"]);
  if (!Object.hasOwn(ranges, dtype)) {
    throw new TypeError(
      `${name}: dtype must be int32, uint32 or int64, got ${describeValue(dtype)}`,
    );
  }
  const bounds = { minval: bound("minval", minval, dtype), maxval: bound("maxval", maxval, dtype) };
  const { low, span } = rangeOf(bounds.minval, bounds.maxval, dtype);
  const wanted = shapeFor(name, shape, { minval: low.shape, maxval: span.shape });
  const bitWidth = dtype === "int64" ? 64 : 32;
  const [higher, lower] = splitList(key).map((one) => bits(one, wanted, { bitWidth })) as [
    Tensor,
    Tensor,
  ];
  // (2ʷ h + l) mod span, from 2ʷ mod span and, as in JAX, with products modulo 2ʷ.
  const half = remainder(word(2n ** BigInt(bitWidth / 2), low), span);
  const factor = remainder(mul(half, half), span);
  const offset = remainder(add(mul(remainder(higher, span), factor), remainder(lower, span)), span);
  return bitcast(add(low, offset), dtype) as Tensor as Tensor<ShapeOf<Shape>>;
}

/** A bound that is known, or a tensor of the dtype. */
function bound(argument: string, x: Leaf | bigint, dtype: Integer): bigint | Tensor {
  if (typeof x === "bigint" || typeof x === "number") {
    if (typeof x === "number" && !Number.isSafeInteger(x)) {
      throw new TypeError(
        `randint: ${argument} must be an integer, exact, got ${describeValue(x)}`,
      );
    }
    const [least, beyond] = ranges[dtype];
    const value = BigInt(x);
    if (value >= least && value <= beyond - (argument === "minval" ? 1n : 0n)) return value;
    throw new RangeError(`randint: ${argument} does not fit into ${dtype}, got ${x}`);
  }
  const array = asTensor(x, `randint: ${argument}`);
  if (array.dtype === dtype) return array;
  throw new TypeError(
    `randint: ${argument} must be of the dtype of the result, ${dtype}, got ${describeValue(array)}`,
  );
}

/** The least number and how many there are, as unsigned words; no numbers at all stand for 2ʷ of them. */
function rangeOf(
  minval: bigint | Tensor,
  maxval: bigint | Tensor,
  dtype: Integer,
): { readonly low: Tensor; readonly span: Tensor } {
  const isWide = dtype === "int64";
  const like = scalarTensor(isWide ? "int64" : "uint32", isWide ? 0n : 0);
  const asWords = (x: bigint | Tensor): Tensor =>
    typeof x === "bigint" ? word(x, like) : isWide ? x : bitcast(x, "uint32");
  const [low, high] = [asWords(minval), asWords(maxval)];
  const span = sub(high, low);
  if (typeof minval === "bigint" && typeof maxval === "bigint") {
    if (minval < maxval) return { low, span };
    throw new RangeError(
      `randint: maxval must be greater than minval, got minval ${minval} and maxval ${maxval}`,
    );
  }
  if (maxval === ranges[dtype][1]) return { low, span };
  const signed = (x: bigint | Tensor, words: Tensor): Tensor =>
    typeof x === "bigint" ? bitcast(words, dtype) : x;
  const isEmpty = lessEqual(signed(maxval, high), signed(minval, low));
  if (!isTraced(isEmpty) && elements(isEmpty).some(Boolean)) {
    throw new RangeError("randint: maxval must be greater than minval, element by element");
  }
  return { low, span: where(isEmpty, word(1n, like), span) };
}

/** An integer as a word of the dtype of another one. */
function word(x: bigint, { dtype }: Tensor): Tensor {
  return dtype === "int64"
    ? scalarTensor(dtype, BigInt.asIntN(64, x))
    : scalarTensor(dtype, Number(BigInt.asUintN(32, x)));
}

/** `x mod n` of unsigned words; `x` if `n` is 0, which stands for 2ʷ. */
function remainder(x: Tensor, n: Tensor): Tensor {
  const isAll = equal(n, word(0n, n));
  const some = where(isAll, word(1n, n), n);
  if (n.dtype === "uint32") return where(isAll, x, rem(x, some));
  // An int64 holds the words from 2⁶³ on as negative numbers: they are halved first, and the last bit follows.
  const isLarge = less(some, word(0n, n));
  const isBelow = (a: Tensor, b: Tensor): Tensor => {
    const flip = word(2n ** 63n, n);
    return less(add(a, flip), add(b, flip));
  };
  const half = rem(shiftRightLogical(x, word(1n, n)), where(isLarge, word(1n, n), some));
  const whole = add(shiftLeft(half, word(1n, n)), bitwiseAnd(x, word(1n, n)));
  const reduced = where(isBelow(whole, some), whole, sub(whole, some));
  const beyond = where(isBelow(x, some), x, sub(x, some));
  return where(isAll, x, where(isLarge, beyond, reduced));
}
