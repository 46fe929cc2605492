import { apply, asTensor, type Ranked, reshape, roomFor } from "@diffrax-ts/program";
import { checkOptions, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { along, type AlongOptions } from "./along.ts";
import type { ReduceAllOptions } from "./reduce.ts";
import { requireCount, type ShapeLike, shapeOf } from "./shapes.ts";

/**
 * `x` with every element `repeats` times in a row along an axis. Without an axis, a vector of all elements.
 *
 * @example
 * ```ts
 * import { repeat, tensor } from "@diffrax-ts/array";
 *
 * repeat(tensor([1, 2]), 2).toArray();
 * // → [1, 1, 2, 2]
 * ```
 */
export function repeat(
  x: Leaf,
  repeats: number,
  options?: ReduceAllOptions,
): Tensor<readonly [number]>;
export function repeat<X extends Leaf>(
  x: X,
  repeats: number,
  options: { readonly axis: number },
): Ranked<X>;
export function repeat(x: Leaf, repeats: number, options?: AlongOptions): Tensor;
export function repeat(x: Leaf, repeats: number, options: AlongOptions = {}): Tensor {
  requireCount("repeat", "repeats", repeats);
  const { array, axis } = along(
    "repeat",
    asTensor(x, "repeat"),
    checkOptions("repeat", options, ["axis"]),
  );
  const { shape } = array;
  const params = {
    shape: shape.toSpliced(axis + 1, 0, repeats),
    axes: shape.map((_, i) => (i > axis ? i + 1 : i)),
  };
  const [spread] = roomFor("repeat", () => apply("broadcast", [array], params));
  return reshape(spread!, shape.with(axis, shape[axis]! * repeats));
}

/**
 * `x` as a whole, several times one behind the other along each axis.
 *
 * @param reps - How many times along each axis, aligned at the last one.
 *
 * @example
 * ```ts
 * import { tensor, tile } from "@diffrax-ts/array";
 *
 * tile(tensor([1, 2]), [2, 2]).toArray();
 * // → [[1, 2, 1, 2], [1, 2, 1, 2]]
 * ```
 */
export function tile(x: Leaf, reps: ShapeLike): Tensor {
  const array = asTensor(x, "tile");
  const times = shapeOf("tile", reps);
  const rank = Math.max(times.length, array.shape.length);
  const aligned = (list: readonly number[], axis: number): number =>
    list[axis - rank + list.length] ?? 1;
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const [spread] = apply("broadcast", [array], {
    shape: axes.flatMap((axis) => [aligned(times, axis), aligned(array.shape, axis)]),
    axes: array.shape.map((_, i) => 2 * (i + rank - array.shape.length) + 1),
  });
  return reshape(
    spread!,
    axes.map((axis) => aligned(times, axis) * aligned(array.shape, axis)),
  );
}
