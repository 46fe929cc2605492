import { arrayType, astype, type Type } from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import { tensorOf } from "@diffrax-ts/program";
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

  /** On both sides of the size up to which the compiler takes arrays apart. */
  shape(minRank = 0): number[] {
    const shapes = [[], [1], [2], [5], [16], [17], [2, 3], [1, 4], [4, 5], [3, 1, 2], [2, 3, 3]];
    return [...this.pick(shapes.filter(({ length }) => length >= minRank))];
  }

  /** Numbers of `float32`, so that both float types hold them, uniform in an interval and with both signs if wanted. */
  floats(
    shape: readonly number[],
    [low, high]: readonly [number, number],
    signed = false,
  ): Float64Array {
    const random = generator(this.int(0, 2 ** 31 - 1));
    const size = shape.reduce((product, n) => product * n, 1);
    return Float64Array.from({ length: size }, () => {
      const x = Math.fround(low + (high - low) * random());
      return signed && random() < 0.5 ? -x : x;
    });
  }
}

/** A tensor of this dtype. */
export function tensorFrom(dtype: DType, shape: readonly number[], data: Float64Array): Tensor {
  return astype(tensorOf({ dtype: "float64", shape, data }), dtype);
}

/** The numbers of a tensor, in row-major order. */
export function numbersOf(x: Tensor): number[] {
  return ([x.toArray()] as unknown[]).flat(10) as number[];
}

/** The type of a tensor. */
export function typeOf(x: Tensor): Type {
  return arrayType(x.dtype, x.shape);
}

/** A pseudorandom generator of numbers from 0 to 1 (splitmix32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}
