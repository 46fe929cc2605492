import {
  asTensor,
  broadcastShapes,
  broadcastTo as broadcast,
  roomFor,
  sameList,
} from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";
import { type ShapeLike, type ShapeOf, shapeOf } from "./shapes.ts";

/**
 * `x` repeated to a shape: aligned at the last axes, an axis of length 1 is repeated, and axes are added in front.
 *
 * @throws TypeError if the shapes do not fit.
 *
 * @example
 * ```ts
 * import { broadcastTo, tensor } from "@diffrax-ts/array";
 *
 * broadcastTo(tensor([1, 2]), [2, 2]).toArray();
 * // → [[1, 2], [1, 2]]
 * ```
 */
export function broadcastTo<const Shape extends ShapeLike>(
  x: Leaf,
  shape: Shape,
): Tensor<ShapeOf<Shape>> {
  const array = asTensor(x, "broadcastTo");
  const target = shapeOf("broadcastTo", shape);
  if (!sameList(broadcastShapes("broadcastTo", array.shape, target), target)) {
    throw new TypeError(
      `broadcastTo: shape [${array.shape.join()}] does not fit into [${target.join()}]; only axes of length 1 are repeated`,
    );
  }
  return roomFor("broadcastTo", () => broadcast(array, target)) as Tensor<ShapeOf<Shape>>;
}
