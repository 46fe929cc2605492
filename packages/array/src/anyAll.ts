import { astype, equal, logicalNot, notEqual, truth } from "@diffrax-ts/program";
import type { Leaf, Scalar, Tensor } from "@diffrax-ts/pytree";
import { reduceAlong, type ReduceAllOptions, type ReduceOptions } from "./reduce.ts";

/**
 * Whether one element is true, of all or along some axes; `false` if there are none.
 *
 * @example
 * ```ts
 * import { any, tensor } from "@diffrax-ts/array";
 *
 * any(tensor([0, 2, NaN])).item();
 * // → 1
 * ```
 */
export function any(x: Leaf, options?: ReduceAllOptions): Scalar;
export function any(x: Leaf, options?: ReduceOptions): Tensor;
export function any(x: Leaf, options: ReduceOptions = {}): Tensor {
  return notEqual(count("any", truth("any", x), options), 0);
}

/**
 * Whether all elements are true, of all or along some axes; `true` if there are none.
 *
 * @example
 * ```ts
 * import { all, tensor } from "@diffrax-ts/array";
 *
 * all(tensor([[1, 0], [1, 1]]), { axis: 1 }).toArray();
 * // → [0, 1]
 * ```
 */
export function all(x: Leaf, options?: ReduceAllOptions): Scalar;
export function all(x: Leaf, options?: ReduceOptions): Tensor;
export function all(x: Leaf, options: ReduceOptions = {}): Tensor {
  return equal(count("all", logicalNot(truth("all", x)), options), 0);
}

function count(name: string, x: Tensor, options: ReduceOptions): Tensor {
  return reduceAlong(name, "reduceSum", astype(x, "int32"), options);
}
