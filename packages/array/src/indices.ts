import { asTensor, fromFront, numberAs } from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";

/** Indices of an axis of `n` elements as integers that count from the front. Those out of range stay so. */
export function placesOf(name: string, index: Leaf, n: number): Tensor {
  return Number.isInteger(index)
    ? numberAs(name, (index as number) + ((index as number) < 0 ? n : 0), "int32")
    : fromFront(name, asTensor(index, name), n);
}
