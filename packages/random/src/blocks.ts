import { reshape } from "@diffrax-ts/array";
import { apply, scalarTensor, sizeOf, tensorOf } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { type Key, knownWords } from "./key.ts";
import { numberRounds, type Pair, tensorRounds } from "./rounds.ts";

/**
 * Threefry of the counters 0, 1, 2, … in an array of this shape, in row-major order: the first and the second words.
 *
 * The words at a place do not depend on how many there are.
 */
export function blocks(key: Key, shape: readonly number[]): Pair<Tensor> {
  const size = sizeOf(shape);
  const known = knownWords(key);
  if (known !== null) {
    const first = new Uint32Array(size);
    const second = new Uint32Array(size);
    for (let i = 0; i < size; i++) [first[i], second[i]] = numberRounds(known, [0, i]);
    const dtype = "uint32";
    return [tensorOf({ dtype, shape, data: first }), tensorOf({ dtype, shape, data: second })];
  }
  const zero = scalarTensor("uint32", 0);
  const counter =
    size === 1 ? zero : apply("iota", [], { dtype: "uint32", shape: [size], axis: 0 })[0]!;
  const [first, second] = tensorRounds([key.at(0), key.at(1)], [zero, counter]);
  return [reshape(first, shape), reshape(second, shape)];
}
