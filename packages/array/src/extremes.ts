import { apply, asTensor } from "@diffrax-ts/program";
import { checkOptions, type Leaf, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { along, type AlongOptions } from "./along.ts";
import { axesOf } from "./axes.ts";
import { keepAxes, reduceAlong, type ReduceAllOptions, type ReduceOptions } from "./reduce.ts";
import { countAlong } from "./shapes.ts";

/**
 * The largest element, of all or along some axes; NaN if one of them is.
 *
 * @example
 * ```ts
 * import { max, tensor } from "@diffrax-ts/array";
 *
 * max(tensor([[3, 1], [2, 5]]), { axis: 1 }).toArray();
 * // → [3, 5]
 * ```
 */
export function max(x: Leaf, options?: ReduceAllOptions): Scalar;
export function max(x: Leaf, options?: ReduceOptions): Tensor;
export function max(x: Leaf, options: ReduceOptions = {}): Tensor {
  return reduceAlong("max", "reduceMax", choice("max", x, options), options);
}

/**
 * The smallest element, of all or along some axes; NaN if one of them is.
 *
 * @example
 * ```ts
 * import { min, tensor } from "@diffrax-ts/array";
 *
 * min(tensor([[3, 1], [2, 5]])).item();
 * // → 1
 * ```
 */
export function min(x: Leaf, options?: ReduceAllOptions): Scalar;
export function min(x: Leaf, options?: ReduceOptions): Tensor;
export function min(x: Leaf, options: ReduceOptions = {}): Tensor {
  return reduceAlong("min", "reduceMin", choice("min", x, options), options);
}

/** Options of `argmax` and `argmin`. */
export interface ArgOptions extends AlongOptions {
  /** Whether the axis stays, with length 1. @defaultValue false */
  readonly keepdims?: boolean | undefined;
}

/**
 * The place of the largest element, an int32; of several, the first. A NaN counts as larger than all.
 *
 * @example
 * ```ts
 * import { argmax, tensor } from "@diffrax-ts/array";
 *
 * argmax(tensor([[3, 1], [2, 5]]), { axis: 1 }).toArray();
 * // → [0, 1]
 * ```
 */
export function argmax(x: Leaf, options?: ReduceAllOptions): Scalar;
export function argmax(x: Leaf, options?: ArgOptions): Tensor;
export function argmax(x: Leaf, options: ArgOptions = {}): Tensor {
  return argExtreme("argmax", x, options);
}

/**
 * The place of the smallest element, an int32; of several, the first. A NaN counts as smaller than all.
 *
 * @example
 * ```ts
 * import { argmin, tensor } from "@diffrax-ts/array";
 *
 * argmin(tensor([3, 1, 2])).item();
 * // → 1
 * ```
 */
export function argmin(x: Leaf, options?: ReduceAllOptions): Scalar;
export function argmin(x: Leaf, options?: ArgOptions): Tensor;
export function argmin(x: Leaf, options: ArgOptions = {}): Tensor {
  return argExtreme("argmin", x, options);
}

function argExtreme(name: "argmax" | "argmin", x: Leaf, options: ArgOptions): Tensor {
  const { shape } = asTensor(x, name);
  const { array, axis } = along(name, choice(name, x, options), options);
  const [result] = apply(name, [array], { axis });
  return options.keepdims === true
    ? keepAxes(result!, shape, axesOf(name, options.axis, shape))
    : result!;
}

/** An array that has elements to choose from along the axes. */
function choice(name: string, x: Leaf, options: ReduceOptions): Tensor {
  const array = asTensor(x, name);
  const axes = axesOf(name, checkOptions(name, options, ["axis", "keepdims"]).axis, array.shape);
  if (countAlong(array.shape, axes) > 0) return array;
  throw new RangeError(
    `${name}: shape [${array.shape.join()}] has no elements along axis [${axes.join()}] to choose from`,
  );
}
