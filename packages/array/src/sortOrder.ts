import { scan } from "@diffrax-ts/autodiff";
import {
  add,
  apply,
  type ArrayValue,
  astype,
  bitcast,
  bitwiseAnd,
  bitwiseNot,
  bitwiseXor,
  equal,
  isFloat,
  isTraced,
  less,
  notEqual,
  reshape,
  scalarTensor,
  shiftRightLogical,
  stopGradient,
  sub,
  tensorOf,
  valueOf,
  where,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/**
 * The places of the elements of a matrix in row-major order, sorted row by row, as an int32 vector: those of the first row come first. Equal
 * elements keep their order, as do 0 and -0, and NaN comes last.
 *
 * A radix sort: as long for all numbers, and by the same integers on numbers that are known and traced.
 */
export function sortOrder(x: Tensor): Tensor {
  const [rows, length] = x.shape as readonly [number, number];
  const size = rows * length;
  const flat = reshape(stopGradient(x), [size]);
  if (!isTraced(flat)) {
    const words = knownWords(valueOf(flat));
    if (rows > 1) words.push(Uint32Array.from({ length: size }, (_, i) => Math.floor(i / length)));
    return knownOrder(words, size);
  }
  const digits = (word: Tensor, count: number): Digit[] =>
    Array.from({ length: count }, (_, i) => ({ word, shift: 8 * i }));
  const all = tracedWords(flat).flatMap((word) => digits(word, 4));
  if (rows > 1) {
    const [row] = apply("iota", [], { dtype: "uint32", shape: [rows, length], axis: 0 });
    all.push(...digits(reshape(row!, [size]), Math.ceil(Math.log2(rows) / 8)));
  }
  return tracedOrder(all, size);
}

/** Eight bits of each word. */
interface Digit {
  readonly word: Tensor;
  readonly shift: number;
}

const [numDigits, largestDigit] = [256, 255];

/** Words of 32 bits that are in the order of the elements, the one that counts least first. */
function tracedWords(x: Tensor): readonly Tensor[] {
  const { dtype } = x;
  if (isFloat(dtype)) {
    // One zero, and one NaN, which is positive.
    const plain = where(equal(x, 0), 0, where(notEqual(x, x), NaN, x));
    // The bits of a float grow with its magnitude: those of a negative one are turned round.
    const bits = bitcast(plain, dtype === "float64" ? "int64" : "int32");
    return tracedWords(where(less(bits, 0), bitwiseXor(bitwiseNot(bits), leastOf(bits)), bits));
  }
  if (dtype === "int64") {
    const shifted = bitwiseXor(x, leastOf(x));
    const upper = shiftRightLogical(shifted, scalarTensor("int64", 32));
    return [astype(shifted, "uint32"), astype(upper, "uint32")];
  }
  return [dtype === "int32" ? bitcast(bitwiseXor(x, leastOf(x)), "uint32") : astype(x, "uint32")];
}

/** The least number of a signed integer dtype: its sign alone. */
function leastOf({ dtype }: Tensor): Tensor {
  return scalarTensor(dtype, dtype === "int64" ? -(2n ** 63n) : -(2 ** 31));
}

/** The same of known numbers; those of 32 bits as float64, which holds them. */
function knownWords({ dtype, data }: ArrayValue): Uint32Array[] {
  const size = data.length;
  const isWide = dtype === "int64";
  const numbers = isWide ? data.slice() : Float64Array.from(data as ArrayLike<number>);
  const bits = new Uint32Array(numbers.buffer);
  const words = [new Uint32Array(size), new Uint32Array(size)] as const;
  for (let i = 0; i < size; i++) {
    if (numbers[i] === 0) numbers[i] = 0; // and not -0
    const [lower, upper] = [bits[2 * i]!, bits[2 * i + 1]!];
    const isTurned = !isWide && upper >>> 31 === 1;
    const isLast = numbers[i] !== numbers[i];
    words[0][i] = isLast ? -1 : isTurned ? ~lower : lower;
    words[1][i] = isLast ? -1 : isTurned ? ~upper : upper ^ 0x80000000;
  }
  return [...words];
}

function knownOrder(words: readonly Uint32Array[], size: number): Tensor {
  let order = Int32Array.from({ length: size }, (_, i) => i);
  for (const word of words) {
    for (let shift = 0; shift < 32; shift += 8) {
      const next = new Int32Array(numDigits);
      for (const bits of word) next[(bits >>> shift) & largestDigit]!++;
      if (next.includes(size)) continue; // all have this digit
      let place = 0;
      for (let digit = 0; digit < numDigits; digit++) {
        const count = next[digit]!;
        next[digit] = place;
        place += count;
      }
      const moved = new Int32Array(size);
      for (const i of order) moved[next[(word[i]! >>> shift) & largestDigit]!++] = i;
      order = moved;
    }
  }
  return tensorOf({ dtype: "int32", shape: [size], data: order });
}

/** One digit after the other, the one that counts least first; each turn keeps the order of those with one digit. */
function tracedOrder(digits: readonly Digit[], size: number): Tensor {
  const words = [...new Set(digits.map(({ word }) => word))];
  const [all] = apply("concatenate", words, { axis: 0 });
  const start = digits.map(({ word }) => words.indexOf(word) * size);
  const xs = {
    start: tensorOf({ dtype: "int32", shape: [digits.length], data: Int32Array.from(start) }),
    shift: tensorOf({
      dtype: "uint32",
      shape: [digits.length],
      data: Uint32Array.from(digits, ({ shift }) => shift),
    }),
  };
  const [first] = apply("iota", [], { dtype: "int32", shape: [size], axis: 0 });
  const turn = (order: Tensor, row: { readonly start: Tensor; readonly shift: Tensor }) => {
    const [bits] = apply("gather", [all!, add(order, row.start)], { axis: 0 });
    const digit = astype(bitwiseAnd(shiftRightLogical(bits!, row.shift), largestDigit), "int32");
    return { carry: scatter(order, placesOf(digit), size), row: null };
  };
  return scan(turn, first!, xs).carry;
}

/** Where elements with these digits go: behind those with smaller digits, and those before them with the same one. */
function placesOf(digits: Tensor): Tensor {
  const [ones] = apply("broadcast", [scalarTensor("int32", 1)], { shape: digits.shape, axes: [] });
  const counts = scatter(ones!, digits, numDigits);
  const [upTo] = apply("cumsum", [counts], { axis: 0, reverse: false });
  return scan(placeOne, sub(upTo!, counts), digits).rows;
}

function placeOne(next: Tensor, digit: Tensor): { readonly carry: Tensor; readonly row: Tensor } {
  const [place] = apply("dynamicSlice", [next, digit], { sizes: [1] });
  const [carry] = apply("dynamicUpdateSlice", [next, add(place!, 1), digit], {});
  return { carry: carry!, row: reshape(place!, []) };
}

/** The sums of what goes to each of `n` places. */
function scatter(x: Tensor, places: Tensor, n: number): Tensor {
  const [zeros] = apply("broadcast", [scalarTensor("int32", 0)], { shape: [n], axes: [] });
  return apply("scatterAdd", [zeros!, places, x], { axis: 0 })[0]!;
}
