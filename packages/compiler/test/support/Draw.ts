import { arrayType, type ArrayValue, allocate, sizeOf, type Type } from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import fc, { type GeneratorValue } from "fast-check";

/** Choices, made by fast-check, which shrinks them. */
export class Draw {
  readonly #next: GeneratorValue;

  constructor(next: GeneratorValue) {
    this.#next = next;
  }

  /** From `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min === max ? min : this.#next(fc.integer, { min, max });
  }

  /** True once in `n` times. */
  once(n: number): boolean {
    return this.int(0, n - 1) === n - 1;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)]!;
  }

  /** Some of the axes of a shape, in order. */
  axes(rank: number): number[] {
    return Array.from({ length: rank }, (_, axis) => axis).filter(() => this.once(2));
  }

  /** Rank 0 to 3, on both sides of the size up to which the compiler takes arrays apart; sometimes empty. */
  shape(minRank = 0, maxRank = 3): number[] {
    const rank = this.int(minRank, maxRank);
    const longest = [0, 40, 9, 6][rank]!;
    return Array.from({ length: rank }, () => (this.once(12) ? 0 : this.int(1, longest)));
  }

  /** Numbers of a kind: `edges` has what arithmetic is most often wrong for. */
  array(
    dtype: DType,
    shape: readonly number[],
    kind: Numbers = this.pick(["tame", "edges"]),
  ): ArrayValue {
    const next = randomBits(this.int(0, 2 ** 31 - 1));
    const data = allocate(dtype, sizeOf(shape));
    for (let i = 0; i < data.length; i++) data[i] = numberOf(dtype, kind, next);
    return { dtype, shape, data };
  }

  /** Indices into an axis of this length, some of them outside. */
  indices(
    dtype: "int32" | "uint32" | "int64",
    shape: readonly number[],
    length: number,
  ): ArrayValue {
    const data = allocate(dtype, sizeOf(shape));
    for (let i = 0; i < data.length; i++) {
      const index = this.once(5)
        ? this.pick(farOutside[dtype])
        : this.int(dtype === "uint32" ? 0 : -2, length + 1);
      data[i] = dtype === "int64" ? BigInt(index) : index;
    }
    return { dtype, shape, data };
  }
}

const farOutside = {
  int32: [2 ** 31 - 1, -(2 ** 31), 1000, -1000],
  uint32: [2 ** 32 - 1, 2 ** 31, 1000],
  int64: [2 ** 53, -(2 ** 53), 2 ** 32, 2 ** 32 + 1, -(2 ** 32), -(2 ** 63)],
};

/** What numbers an array is filled with. */
export type Numbers = "tame" | "edges" | "positive";

// prettier-ignore
const floatEdges = [
  0, -0, NaN, Infinity, -Infinity, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 5e-324, -5e-324, 2.2e-308, 1e-310, 1.1754943508222875e-38,
  1e-45, 1.7976931348623157e308, -1.7976931348623157e308, 3.4028234663852886e38, 1e39, 1e22, -1e22, 1e300, 2 ** 53, 2 ** 53 + 2,
  2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 63, -(2 ** 63), 4503599627370495.5, 1e-20, 709.9, -745.5, 0.9999999999999999, 1.0000000000000002,
];
const integerEdges = [
  0,
  1,
  -1,
  2,
  31,
  32,
  33,
  63,
  64,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 32 - 1,
  65535,
  65537,
  46341,
];

function numberOf(dtype: DType, kind: Numbers, next: () => number): number | bigint {
  const edge = kind === "edges" && next() % 3 !== 0;
  if (dtype === "float64" || dtype === "float32") {
    if (edge) return floatEdges[next() % floatEdges.length]!;
    const x = (next() / 2 ** 31 - 1) * 2 ** ((next() % 9) - 4) + next() / 2 ** 60;
    return kind === "positive" ? Math.abs(x) : x;
  }
  if (dtype === "bool") return next() % 2;
  const x = edge
    ? integerEdges[next() % integerEdges.length]!
    : (next() % 41) - (kind === "positive" ? 0 : 20);
  if (dtype !== "int64") return x;
  return next() % 4 === 0 && edge ? (BigInt(next()) << 32n) | BigInt(next()) : BigInt(x);
}

/** A pseudorandom generator of 32 bits (splitmix32). */
function randomBits(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/** The type of an array value. */
export function typeOfValue({ dtype, shape }: ArrayValue): Type {
  return arrayType(dtype, shape);
}
