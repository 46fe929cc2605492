import type { BrownianIncrement, LevyArea, Path, Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { Key } from "@diffrax-ts/random";
import type { BrownianShape, ShapeTree } from "./shapes.ts";

/** Options of every Brownian motion. */
export interface BrownianOptions {
  /** Of one array, `[3]`, or arrays and objects of shapes and of `{ shape, dtype }`; `[]` is one number. */
  readonly shape: BrownianShape;
  readonly key: Key;
  /** What is known beside the increments. The path depends on it. @defaultValue "BrownianIncrement" */
  readonly levyArea?: LevyArea;
}

/** A Brownian motion. */
export interface BrownianPath<Value = Tree> extends Path<Value> {
  readonly shape: ShapeTree;
  readonly levyArea: LevyArea;
  evaluate(t0: number | Scalar, t1?: number | Scalar | null, left?: boolean): Value;
  /** The increment with all that is known of the interval: `{ dt, W, H, K }`. */
  evaluate(
    t0: number | Scalar,
    t1: number | Scalar | null | undefined,
    left: boolean | undefined,
    useLevy: true,
  ): BrownianIncrement;
}

/** The values of a motion of a shape. */
export type MotionOf<Shape> = [BrownianShape] extends [Shape]
  ? Tree
  : Shape extends readonly []
    ? Scalar
    : Shape extends number
      ? Tensor<readonly [number]>
      : Shape extends readonly number[]
        ? Tensor<{ readonly [Axis in keyof Shape]: number }>
        : Shape extends { readonly shape: readonly number[]; readonly dtype: string }
          ? Tensor
          : { readonly [Key in keyof Shape]: MotionOf<Shape[Key]> };
