import {
  type DType,
  type Fixed,
  type Part,
  type Static,
  type Strided,
  type Tensor,
  type TypedArray,
  unflatten,
} from "@diffrax-ts/pytree";
import { resultTypes } from "./callTraced.ts";

/** What is known of an array before it is computed. */
export interface ShapeAndType {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** A tree like `T` with a shape and a dtype for each leaf. */
export type ShapeTree<T> = 0 extends 1 & T
  ? T
  : T extends number | Tensor | TypedArray | Strided
    ? ShapeAndType
    : T extends Static | Part | Fixed
      ? T
      : { readonly [Key in keyof T]: ShapeTree<T[Key]> };

/**
 * The shapes and dtypes of what a function would return. It is traced, and nothing is computed.
 *
 * @example
 * ```ts
 * import { evalShape } from "@diffrax-ts/autodiff";
 * import { mul } from "@diffrax-ts/program";
 * import type { Tensor } from "@diffrax-ts/pytree";
 *
 * evalShape((x: Tensor) => ({ square: mul(x, x) }), new Float32Array(1000));
 * // → { square: { dtype: "float32", shape: [1000] } }
 * ```
 */
export function evalShape<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  ...args: readonly unknown[]
): ShapeTree<Result> {
  const { structure, types } = resultTypes(f, args, "evalShape");
  return unflatten(
    structure,
    types.map(({ dtype, shape }): ShapeAndType => ({ dtype, shape })),
  ) as ShapeTree<Result>;
}
