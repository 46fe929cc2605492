import { apply, asTensor, type Ranked } from "@diffrax-ts/program";
import { checkOptions, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { along, type AlongOptions } from "./along.ts";
import { countable, type ReduceAllOptions } from "./reduce.ts";

/**
 * The sums of the first, the first two, the first three elements, and so on. Without an axis, a vector.
 *
 * @example
 * ```ts
 * import { cumsum, tensor } from "@diffrax-ts/array";
 *
 * cumsum(tensor([1, 2, 3])).toArray();
 * // → [1, 3, 6]
 * ```
 */
export function cumsum(x: Leaf, options?: ReduceAllOptions): Tensor<readonly [number]>;
export function cumsum<X extends Leaf>(x: X, options: { readonly axis: number }): Ranked<X>;
export function cumsum(x: Leaf, options?: AlongOptions): Tensor;
export function cumsum(x: Leaf, options: AlongOptions = {}): Tensor {
  const { array, axis } = along(
    "cumsum",
    countable(asTensor(x, "cumsum")),
    checkOptions("cumsum", options, ["axis"]),
  );
  return apply("cumsum", [array], { axis, reverse: false })[0]!;
}
