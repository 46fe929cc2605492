import { asTensor, type Raised, reshape as reshapeTo, sizeOf } from "@diffrax-ts/program";
import { checkOptions, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { axesOf, type AxisList } from "./axes.ts";
import { type ShapeLike, type ShapeOf, shapeOf } from "./shapes.ts";

/**
 * The elements in row-major order, in another shape. One length may be -1: it follows from the others.
 *
 * @example
 * ```ts
 * import { arange, reshape } from "@diffrax-ts/array";
 *
 * reshape(arange(6), [2, -1]).toArray();
 * // → [[0, 1, 2], [3, 4, 5]]
 * ```
 */
export function reshape<const Shape extends ShapeLike>(
  x: Leaf,
  shape: Shape,
): Tensor<ShapeOf<Shape>> {
  const array = asTensor(x, "reshape");
  const asked: readonly number[] = typeof shape === "number" ? [shape] : shape;
  const open = asked.indexOf(-1);
  const known = shapeOf("reshape", open < 0 ? asked : asked.with(open, 1));
  const rest = array.size / sizeOf(known);
  if (open < 0 ? array.size === sizeOf(known) : Number.isInteger(rest)) {
    return reshapeTo(array, open < 0 ? known : known.with(open, rest)) as Tensor<ShapeOf<Shape>>;
  }
  throw new TypeError(
    `reshape: shape [${array.shape.join()}] has ${array.size} elements, which do not fit into [${asked.join()}]`,
  );
}

/**
 * The elements as a vector, in row-major order.
 *
 * @example
 * ```ts
 * import { ravel, tensor } from "@diffrax-ts/array";
 *
 * ravel(tensor([[1, 2], [3, 4]])).toArray();
 * // → [1, 2, 3, 4]
 * ```
 */
export function ravel(x: Leaf): Tensor<readonly [number]> {
  const array = asTensor(x, "ravel");
  return reshapeTo(array, [array.size]) as Tensor<readonly [number]>;
}

/**
 * `x` with one more axis, of length 1, or several.
 *
 * @param axis - Where it is in the result; negative: from the end.
 *
 * @example
 * ```ts
 * import { expandDims, ones } from "@diffrax-ts/array";
 *
 * expandDims(ones([2, 3]), -1).shape;
 * // → [2, 3, 1]
 * ```
 */
export function expandDims<X extends Leaf>(x: X, axis: number): Raised<X>;
export function expandDims(x: Leaf, axis: number | readonly number[]): Tensor;
export function expandDims(x: Leaf, axis: number | readonly number[]): Tensor {
  const array = asTensor(x, "expandDims");
  const shape = [...array.shape];
  const added = typeof axis === "number" ? [axis] : axis;
  const rank = Array.from({ length: shape.length + added.length }, () => 1);
  for (const place of axesOf("expandDims", added, rank).sort((a, b) => a - b))
    shape.splice(place, 0, 1);
  return reshapeTo(array, shape);
}

/** Options of `squeeze`. */
export interface SqueezeOptions {
  /** The axes to leave out; `null` for all of length 1. @defaultValue null */
  readonly axis?: AxisList;
}

/**
 * `x` without its axes of length 1, or without some of them.
 *
 * @example
 * ```ts
 * import { ones, squeeze } from "@diffrax-ts/array";
 *
 * squeeze(ones([1, 3, 1]), { axis: 0 }).shape;
 * // → [3, 1]
 * ```
 */
export function squeeze(x: Leaf, options: SqueezeOptions = {}): Tensor {
  const { axis } = checkOptions("squeeze", options, ["axis"]);
  const array = asTensor(x, "squeeze");
  const { shape } = array;
  const isAll = axis === null || axis === undefined;
  const axes = axesOf("squeeze", axis, shape).filter((place) => !isAll || shape[place] === 1);
  const long = axes.find((place) => shape[place] !== 1);
  if (long === undefined)
    return reshapeTo(
      array,
      shape.filter((_, place) => !axes.includes(place)),
    );
  throw new RangeError(
    `squeeze: axis ${long} of shape [${shape.join()}] has length ${shape[long]}, not 1`,
  );
}
