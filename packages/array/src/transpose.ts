import { apply, asTensor, type Ranked } from "@diffrax-ts/program";
import type { Leaf } from "@diffrax-ts/pytree";
import { axesOf, axisOf } from "./axes.ts";

/**
 * `x` with its axes in another order; in the opposite one, if none is given.
 *
 * @param axes - Axis `i` of the result is axis `axes[i]` of `x`.
 *
 * @example
 * ```ts
 * import { tensor, transpose } from "@diffrax-ts/array";
 *
 * transpose(tensor([[1, 2], [3, 4]])).toArray();
 * // → [[1, 3], [2, 4]]
 * ```
 */
export function transpose<X extends Leaf>(x: X, axes?: readonly number[] | null): Ranked<X> {
  const array = asTensor(x, "transpose");
  const { shape } = array;
  const isReversed = axes === null || axes === undefined;
  const permutation = isReversed ? [...shape.keys()].reverse() : axesOf("transpose", axes, shape);
  if (permutation.length === shape.length) return apply("transpose", [array], { permutation })[0]!;
  throw new RangeError(
    `transpose: axes [${permutation.join()}] must name each axis of shape [${shape.join()}] once`,
  );
}

/**
 * `x` with some axes moved to other places. The rest keep their order.
 *
 * @example
 * ```ts
 * import { moveaxis, ones } from "@diffrax-ts/array";
 *
 * moveaxis(ones([2, 3, 4]), 0, -1).shape;
 * // → [3, 4, 2]
 * ```
 */
export function moveaxis<X extends Leaf>(
  x: X,
  source: number | readonly number[],
  destination: number | readonly number[],
): Ranked<X> {
  const array = asTensor(x, "moveaxis");
  const { shape } = array;
  const [from, to] = [axesOf("moveaxis", source, shape), axesOf("moveaxis", destination, shape)];
  if (from.length !== to.length) {
    throw new RangeError(`moveaxis: ${from.length} axes cannot be moved to ${to.length} places`);
  }
  const permutation = [...shape.keys()].filter((axis) => !from.includes(axis));
  const places = [...to.entries()].sort(([, a], [, b]) => a - b);
  for (const [i, place] of places) permutation.splice(place, 0, from[i]!);
  return apply("transpose", [array], { permutation })[0]!;
}

/**
 * `x` with two axes exchanged.
 *
 * @example
 * ```ts
 * import { ones, swapaxes } from "@diffrax-ts/array";
 *
 * swapaxes(ones([2, 3, 4]), 0, 2).shape;
 * // → [4, 3, 2]
 * ```
 */
export function swapaxes<X extends Leaf>(x: X, axis1: number, axis2: number): Ranked<X> {
  const array = asTensor(x, "swapaxes");
  const { shape } = array;
  const [first, second] = [axisOf("swapaxes", axis1, shape), axisOf("swapaxes", axis2, shape)];
  const permutation = [...shape.keys()].with(first, second).with(second, first);
  return apply("transpose", [array], { permutation })[0]!;
}
