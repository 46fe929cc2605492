import { add, reshape } from "@diffrax-ts/array";
import { allocate, apply, roomFor, scalarTensor, sizeOf, tensorOf } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { type Key, knownWords } from "./key.ts";
import { numberRounds, type Pair, tensorRounds } from "./rounds.ts";

/**
 * Threefry of the counters 0, 1, 2, … in an array of this shape, in row-major order: the first and the second words.
 *
 * The words at a place do not depend on how many there are.
 */
export function blocks(key: Key, shape: readonly number[]): Pair<Tensor> {
  const known = knownWords(key);
  if (known === null) return blocksAt([key.at(0), key.at(1)], scalarTensor("uint32", 0), 0, shape);
  const size = sizeOf(shape);
  const words = (): Uint32Array => allocate("uint32", shape) as Uint32Array;
  const [first, second] = roomFor("random", () => [words(), words()] as const);
  for (let i = 0; i < size; i++) [first[i], second[i]] = numberRounds(known, [0, i]);
  const dtype = "uint32";
  return [tensorOf({ dtype, shape, data: first }), tensorOf({ dtype, shape, data: second })];
}

/** Threefry of the counters from `offset` on, in the stream of this number: those of `blocks` are the stream 0. */
export function blocksAt(
  words: Pair<Tensor>,
  stream: Scalar,
  offset: number,
  shape: readonly number[],
): Pair<Tensor> {
  const size = sizeOf(shape);
  const start = scalarTensor("uint32", offset);
  const many = words[0].shape; // without axes, or as many as there are keys
  const keys = words.map((word) => reshape(word, [...many, ...many.map(() => 1)]));
  const rounds = tensorRounds(keys as unknown as Pair<Tensor>, [
    stream,
    size === 1 ? start : countFrom(start, offset, size),
  ]);
  const [first, second] = rounds.map((word) => reshape(word, [...many, ...shape]));
  return [first!, second!];
}

function countFrom(start: Tensor, offset: number, size: number): Tensor {
  const counter = apply("iota", [], { dtype: "uint32", shape: [size], axis: 0 })[0]!;
  return offset === 0 ? counter : add(counter, start);
}
