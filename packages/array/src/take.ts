import { apply, asTensor, isTraced, type Ranked, valueOf } from "@diffrax-ts/program";
import { checkOptions, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { along, type AlongOptions } from "./along.ts";
import { placesOf } from "./indices.ts";
import type { ReduceAllOptions } from "./reduce.ts";
import { tensor } from "./tensor.ts";

/**
 * The elements at some places along an axis. Without an axis, of all elements in row-major order.
 *
 * The axis is replaced by those of `indices`. Negative indices count from the end.
 *
 * @param indices - Of an integer dtype, or a list of integers. One that is out of range is an error; where that cannot be
 * known, because they are traced, it stands for the nearest one that is not.
 *
 * @example
 * ```ts
 * import { take, tensor } from "@diffrax-ts/array";
 *
 * take(tensor([10, 20, 30]), [2, 0, -1]).toArray();
 * // → [30, 10, 30]
 * ```
 */
export function take<Indices extends Leaf | readonly number[]>(
  x: Leaf,
  indices: Indices,
  options?: ReduceAllOptions,
): Indices extends readonly number[] ? Tensor<readonly [number]> : Ranked<Indices>;
export function take<X extends Leaf>(
  x: X,
  indices: readonly number[] | Int32Array | Tensor<readonly [number]>,
  options: { readonly axis: number },
): Ranked<X>;
export function take(x: Leaf, indices: Leaf | readonly number[], options?: AlongOptions): Tensor;
export function take(
  x: Leaf,
  indices: Leaf | readonly number[],
  options: AlongOptions = {},
): Tensor {
  const { array, axis } = along(
    "take",
    asTensor(x, "take"),
    checkOptions("take", options, ["axis"]),
  );
  const n = array.shape[axis]!;
  const index = Array.isArray(indices)
    ? tensor(indices as readonly number[], { dtype: "int32" })
    : (indices as Leaf);
  const places = placesOf("take", index, n);
  const outside = isTraced(places) ? undefined : valueOf(places).data.find((i) => i < 0 || i >= n);
  if (outside !== undefined || (n === 0 && places.size > 0)) {
    throw new RangeError(
      `take: index ${outside ?? ""} is outside axis ${axis} of shape [${array.shape.join()}], which has ${n} elements`,
    );
  }
  return apply("gather", [array, places], { axis })[0]!;
}
