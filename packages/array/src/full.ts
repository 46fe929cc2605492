import { asTensor, astype, filledTensor, roomFor } from "@diffrax-ts/program";
import type { Leaf, Scalar, Tensor, Traced } from "@diffrax-ts/pytree";
import { broadcastTo } from "./broadcastTo.ts";
import { dtypeOfNumber, type NumberLike, stored } from "./numbers.ts";
import { dtypeOption, type DTypeOptions, type ShapeLike, type ShapeOf, shapeOf } from "./shapes.ts";

/**
 * A tensor of this shape, filled with `value`.
 *
 * Its dtype is that of `value` if nothing else is asked for: float64 for a number.
 *
 * @example
 * ```ts
 * import { full } from "@diffrax-ts/array";
 *
 * full([2, 2], 7).toArray();
 * // → [[7, 7], [7, 7]]
 * ```
 */
export function full<const Shape extends ShapeLike>(
  shape: Shape,
  value: NumberLike | Scalar,
  options: DTypeOptions = {},
): Tensor<ShapeOf<Shape>> {
  return fill("full", shapeOf("full", shape), value, options) as Tensor<ShapeOf<Shape>>;
}

/**
 * A tensor of zeros.
 *
 * @example
 * ```ts
 * import { zeros } from "@diffrax-ts/array";
 *
 * zeros([2, 3]).toArray();
 * // → [[0, 0, 0], [0, 0, 0]]
 * ```
 */
export function zeros<const Shape extends ShapeLike>(
  shape: Shape,
  options: DTypeOptions = {},
): Tensor<ShapeOf<Shape>> {
  return fill("zeros", shapeOf("zeros", shape), 0, options) as Tensor<ShapeOf<Shape>>;
}

/**
 * A tensor of ones.
 *
 * @example
 * ```ts
 * import { ones } from "@diffrax-ts/array";
 *
 * ones(2, { dtype: "float32" }).toArray();
 * // → [1, 1]
 * ```
 */
export function ones<const Shape extends ShapeLike>(
  shape: Shape,
  options: DTypeOptions = {},
): Tensor<ShapeOf<Shape>> {
  return fill("ones", shapeOf("ones", shape), 1, options) as Tensor<ShapeOf<Shape>>;
}

/**
 * A tensor filled with `value`, of the shape of `x`, and of its dtype if no other is asked for.
 *
 * @example
 * ```ts
 * import { fullLike, tensor } from "@diffrax-ts/array";
 *
 * fullLike(tensor([[1, 2]]), 7).toArray();
 * // → [[7, 7]]
 * ```
 */
export function fullLike<X extends Leaf>(
  x: X,
  value: NumberLike | Scalar,
  options: DTypeOptions = {},
): Traced<X> {
  return fillLike("fullLike", x, value, options) as Traced<X>;
}

/**
 * A tensor of zeros, of the shape of `x`, and of its dtype if no other is asked for.
 *
 * @example
 * ```ts
 * import { tensor, zerosLike } from "@diffrax-ts/array";
 *
 * zerosLike(tensor([1, 2])).toArray();
 * // → [0, 0]
 * ```
 */
export function zerosLike<X extends Leaf>(x: X, options: DTypeOptions = {}): Traced<X> {
  return fillLike("zerosLike", x, 0, options) as Traced<X>;
}

/**
 * A tensor of ones, of the shape of `x`, and of its dtype if no other is asked for.
 *
 * @example
 * ```ts
 * import { onesLike, tensor } from "@diffrax-ts/array";
 *
 * onesLike(tensor([1, 2])).toArray();
 * // → [1, 1]
 * ```
 */
export function onesLike<X extends Leaf>(x: X, options: DTypeOptions = {}): Traced<X> {
  return fillLike("onesLike", x, 1, options) as Traced<X>;
}

function fillLike(
  name: string,
  x: Leaf,
  value: NumberLike | Scalar,
  options: DTypeOptions,
): Tensor {
  const { dtype, shape } = asTensor(x, name);
  return fill(name, shape, value, { dtype: dtypeOption(name, options) ?? dtype });
}

function fill(
  name: string,
  shape: readonly number[],
  value: NumberLike | Scalar,
  options: DTypeOptions,
): Tensor {
  const wanted = dtypeOption(name, options);
  if (typeof value === "object") {
    const scalar = asTensor(value, name);
    return broadcastTo(astype(scalar, wanted ?? scalar.dtype), shape);
  }
  const dtype = wanted ?? dtypeOfNumber(value);
  const number = stored(name, value, dtype);
  return roomFor(name, () => filledTensor(dtype, shape, number));
}
