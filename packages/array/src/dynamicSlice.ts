import { apply, asTensor, astype, type Ranked } from "@diffrax-ts/program";
import { describeValue, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { alike } from "./alike.ts";
import { placesOf } from "./indices.ts";
import { type ShapeOf, shapeOf } from "./shapes.ts";

/**
 * A window of known size at a place that may be traced.
 *
 * A window that would reach beyond `x` is moved until it lies inside. Negative indices count from the end.
 *
 * @param startIndices - Where it starts: an integer for each axis.
 * @param sliceSizes - How long it is along each axis.
 *
 * @example
 * ```ts
 * import { arange, dynamicSlice } from "@diffrax-ts/array";
 *
 * dynamicSlice(arange(5), [1], [2]).toArray();
 * // → [1, 2]
 * dynamicSlice(arange(5), [4], [2]).toArray();
 * // → [3, 4]
 * ```
 */
export function dynamicSlice<const Shape extends readonly number[]>(
  x: Leaf,
  startIndices: readonly Leaf[],
  sliceSizes: Shape,
): Tensor<ShapeOf<Shape>> {
  const array = asTensor(x, "dynamicSlice");
  const sizes = shapeOf("dynamicSlice", sliceSizes);
  requireFit("dynamicSlice", sizes, array);
  const start = startOf("dynamicSlice", startIndices, array);
  return apply("dynamicSlice", [array, ...start], { sizes })[0] as Tensor<ShapeOf<Shape>>;
}

/**
 * `x` with a window replaced, at a place that may be traced.
 *
 * A window that would reach beyond `x` is moved until it lies inside. Negative indices count from the end.
 *
 * @param update - What is written: of the rank and dtype of `x`.
 * @param startIndices - Where it starts: an integer for each axis.
 *
 * @example
 * ```ts
 * import { arange, dynamicUpdateSlice, tensor } from "@diffrax-ts/array";
 *
 * dynamicUpdateSlice(arange(4), tensor([8, 9]), [1]).toArray();
 * // → [0, 8, 9, 3]
 * ```
 */
export function dynamicUpdateSlice<X extends Leaf>(
  x: X,
  update: Leaf,
  startIndices: readonly Leaf[],
): Ranked<X> {
  const [array, value] = alike("dynamicUpdateSlice", [x, update]) as readonly [Tensor, Tensor];
  requireFit("dynamicUpdateSlice", value.shape, array);
  const start = startOf("dynamicUpdateSlice", startIndices, array);
  return apply("dynamicUpdateSlice", [array, value, ...start], {})[0]!;
}

function requireFit(name: string, sizes: readonly number[], { shape }: Tensor): void {
  if (sizes.length === shape.length && sizes.every((n, axis) => n <= shape[axis]!)) return;
  throw new RangeError(
    `${name}: a window of shape [${sizes.join()}] does not fit into shape [${shape.join()}]`,
  );
}

function startOf(name: string, startIndices: readonly Leaf[], { shape }: Tensor): Tensor[] {
  if (!Array.isArray(startIndices) || startIndices.length !== shape.length) {
    throw new RangeError(
      `${name}: startIndices must be a list of ${shape.length}, one for each axis of shape [${shape.join()}], got ${describeValue(startIndices)}`,
    );
  }
  return startIndices.map((index: Leaf, axis) => {
    const place = placesOf(name, index, shape[axis]!);
    if (place.shape.length === 0) return astype(place, "int32");
    throw new TypeError(
      `${name}: startIndices[${axis}] must be a scalar, got shape [${place.shape.join()}]`,
    );
  });
}
