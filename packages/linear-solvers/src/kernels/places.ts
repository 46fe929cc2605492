// Elements whose place is known only when the code runs. Small arrays are in locals of the compiled code, where nothing is
// found by its place: there every element is looked at, which is faster than a detour through memory.
import { arange, argmax, equal, greater, maximum, reshape, slice, where } from "@diffrax-ts/array";
import { apply, scalarTensor } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** Arrays of at most this many elements are small. */
const mostLocals = 16;

/** `0, …, n - 1`. */
export function places(n: number): Tensor {
  return arange(n, { dtype: "int32" });
}

/** What is at a place along the last axis. */
export function pick(x: Tensor, place: Tensor): Tensor {
  const rest = x.shape.slice(0, -1);
  if (x.size > mostLocals) {
    const start = [...rest.map(() => scalarTensor("int32", 0)), place];
    return reshape(apply("dynamicSlice", [x, ...start], { sizes: [...rest, 1] })[0]!, rest);
  }
  return Array.from({ length: x.shape.at(-1)! }, (_, i) =>
    slice(x, ...rest.map(() => null), i),
  ).reduce((found, column, i) => where(equal(place, i), column, found));
}

/** A vector with one element replaced. */
export function replaced(x: Tensor, place: Tensor, element: Tensor): Tensor {
  if (x.size > mostLocals)
    return apply("dynamicUpdateSlice", [x, reshape(element, [1]), place], {})[0]!;
  return where(equal(places(x.length), place), element, x);
}

/** The place of the largest element of a vector, none of which is NaN; of several, the first. */
export function placeOfLargest(x: Tensor): Tensor {
  if (x.size > mostLocals) return argmax(x);
  let largest = x.at(0);
  let place: Tensor = scalarTensor("int32", 0);
  for (let i = 1; i < x.size; i++) {
    place = where(greater(x.at(i), largest), i, place);
    largest = maximum(largest, x.at(i));
  }
  return place;
}
