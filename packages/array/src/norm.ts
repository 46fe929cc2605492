import { asTensor, equal, mul, sqrt, where } from "@diffrax-ts/program";
import type { Leaf, Scalar, Tensor } from "@diffrax-ts/pytree";
import { asFloat, reduceAlong, type ReduceAllOptions, type ReduceOptions } from "./reduce.ts";

/**
 * The Euclidean norm `√(Σ x²)` of all elements, or along some axes.
 *
 * Its derivative where all elements are zero is 0.
 *
 * @example
 * ```ts
 * import { norm, tensor } from "@diffrax-ts/array";
 *
 * norm(tensor([3, 4])).item();
 * // → 5
 * ```
 */
export function norm(x: Leaf, options?: ReduceAllOptions): Scalar;
export function norm(x: Leaf, options?: ReduceOptions): Tensor;
export function norm(x: Leaf, options: ReduceOptions = {}): Tensor {
  const array = asFloat(asTensor(x, "norm"));
  const square = reduceAlong("norm", "reduceSum", mul(array, array), options);
  const isZero = equal(square, 0);
  return where(isZero, 0, sqrt(where(isZero, 1, square)));
}
