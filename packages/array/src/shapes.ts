import { sizeOf } from "@diffrax-ts/program";
import { checkOptions, describeValue, type DType, isDType } from "@diffrax-ts/pytree";

/** A shape, or the length of a vector. */
export type ShapeLike = number | readonly number[];

/** The type of the shape that a `ShapeLike` stands for: its rank is kept. */
export type ShapeOf<Shape extends ShapeLike> = Shape extends readonly number[]
  ? { readonly [Axis in keyof Shape]: number }
  : readonly [number];

/** The type of number of a new tensor. */
export interface DTypeOptions {
  readonly dtype?: DType | undefined;
}

/** A shape as a list of lengths. */
export function shapeOf(name: string, shape: ShapeLike): readonly number[] {
  const lengths = typeof shape === "number" ? [shape] : shape;
  if (!Array.isArray(lengths)) {
    throw new TypeError(`${name}: shape must be a list of lengths, got ${describeValue(shape)}`);
  }
  for (const n of lengths) requireCount(name, "a length in shape", n);
  return [...lengths];
}

/** Refuses what is not a number of things. */
export function requireCount(name: string, argument: string, n: number, least = 0): void {
  if (Number.isInteger(n) && n >= least) return;
  throw new RangeError(
    `${name}: ${argument} must be an integer >= ${least}, got ${describeValue(n)}`,
  );
}

/** The dtype that is asked for, if any. `keys` are the names of other options. */
export function dtypeOption<Options extends DTypeOptions>(
  name: string,
  options: Options,
  ...keys: readonly (keyof Options & string)[]
): DType | undefined {
  const { dtype } = checkOptions(name, options, ["dtype", ...keys]);
  if (dtype === undefined || isDType(dtype)) return dtype; // without types, it may be anything
  throw new TypeError(
    `${name}: dtype must be float64, float32, int32, uint32, int64 or bool, got ${describeValue(dtype)}`,
  );
}

/** How many elements there are along some axes. */
export function countAlong(shape: readonly number[], axes: readonly number[]): number {
  return sizeOf(axes.map((axis) => shape[axis]!));
}
