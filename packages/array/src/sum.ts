import { asTensor, div, mul, sqrt, sub } from "@diffrax-ts/program";
import { checkOptions, type Leaf, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { axesOf } from "./axes.ts";
import {
  asFloat,
  countable,
  reduceAlong,
  type ReduceAllOptions,
  type ReduceOptions,
} from "./reduce.ts";
import { countAlong } from "./shapes.ts";

/**
 * The sum of all elements, or of those along some axes. Truth values are counted, as int32.
 *
 * Added one after the other, in an order that depends on the lengths alone.
 *
 * @example
 * ```ts
 * import { sum, tensor } from "@diffrax-ts/array";
 *
 * const x = tensor([[1, 2], [3, 4]]);
 * sum(x).item();
 * // → 10
 * sum(x, { axis: 0 }).toArray();
 * // → [4, 6]
 * sum(x, { axis: 1, keepdims: true }).toArray();
 * // → [[3], [7]]
 * ```
 */
export function sum(x: Leaf, options?: ReduceAllOptions): Scalar;
export function sum(x: Leaf, options?: ReduceOptions): Tensor;
export function sum(x: Leaf, options: ReduceOptions = {}): Tensor {
  return reduceAlong("sum", "reduceSum", countable(asTensor(x, "sum")), options);
}

/**
 * The product of all elements, or of those along some axes.
 *
 * @example
 * ```ts
 * import { prod, tensor } from "@diffrax-ts/array";
 *
 * prod(tensor([2, 3, 4])).item();
 * // → 24
 * ```
 */
export function prod(x: Leaf, options?: ReduceAllOptions): Scalar;
export function prod(x: Leaf, options?: ReduceOptions): Tensor;
export function prod(x: Leaf, options: ReduceOptions = {}): Tensor {
  return reduceAlong("prod", "reduceProd", countable(asTensor(x, "prod")), options);
}

/**
 * The mean of all elements, or of those along some axes; NaN if there are none. That of integers is float64.
 *
 * @example
 * ```ts
 * import { mean, tensor } from "@diffrax-ts/array";
 *
 * mean(tensor([[1, 2], [3, 6]]), { axis: 0 }).toArray();
 * // → [2, 4]
 * ```
 */
export function mean(x: Leaf, options?: ReduceAllOptions): Scalar;
export function mean(x: Leaf, options?: ReduceOptions): Tensor;
export function mean(x: Leaf, options: ReduceOptions = {}): Tensor {
  return meanOf("mean", asFloat(asTensor(x, "mean")), options, 0);
}

/** Options of `variance` and `std`. */
export interface VarianceOptions extends ReduceOptions {
  /** The sum of squares is divided by the number of elements less this. @defaultValue 0 */
  readonly ddof?: number | undefined;
}

/**
 * The mean squared distance from the mean: `Σ (x - mean)² / (n - ddof)`.
 *
 * @example
 * ```ts
 * import { tensor, variance } from "@diffrax-ts/array";
 *
 * variance(tensor([1, 3])).item();
 * // → 1
 * ```
 */
export function variance(x: Leaf, options?: ReduceAllOptions & VarianceOptions): Scalar;
export function variance(x: Leaf, options?: VarianceOptions): Tensor;
export function variance(x: Leaf, options: VarianceOptions = {}): Tensor {
  return varianceOf("variance", x, options);
}

/**
 * The standard deviation: the square root of the variance.
 *
 * @example
 * ```ts
 * import { std, tensor } from "@diffrax-ts/array";
 *
 * std(tensor([2, 4, 4, 4, 5, 5, 7, 9])).item();
 * // → 2
 * ```
 */
export function std(x: Leaf, options?: ReduceAllOptions & VarianceOptions): Scalar;
export function std(x: Leaf, options?: VarianceOptions): Tensor;
export function std(x: Leaf, options: VarianceOptions = {}): Tensor {
  return sqrt(varianceOf("std", x, options));
}

function meanOf(name: string, x: Tensor, options: ReduceOptions, ddof: number): Tensor {
  const total = reduceAlong(name, "reduceSum", x, options);
  const count = countAlong(x.shape, axesOf(name, options.axis, x.shape));
  return div(total, Math.max(count - ddof, 0));
}

function varianceOf(name: string, x: Leaf, options: VarianceOptions): Tensor {
  const { axis, keepdims, ddof = 0 } = checkOptions(name, options, ["axis", "keepdims", "ddof"]);
  const array = asFloat(asTensor(x, name));
  const distance = sub(array, meanOf(name, array, { axis, keepdims: true }, 0));
  return meanOf(name, mul(distance, distance), { axis, keepdims }, ddof);
}
