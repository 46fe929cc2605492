import type { ConcreteTensor } from "@diffrax-ts/program";
import { rowMajor, sameList, sizeOf } from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import type { Storage } from "./Frame.ts";

/** Where a scalar is while code runs. */
export type ScalarPlace =
  | { readonly at: "local"; readonly local: number; readonly dtype: DType }
  | { readonly at: "frame"; readonly offset: number; readonly dtype: DType }
  | { readonly at: "constant"; readonly constant: ConcreteTensor; readonly dtype: DType };

/** What a view of memory keeps from being used for something else. Views of one array share it. */
export interface Holding {
  /** How many variables are views of it. */
  count: number;
  readonly storage: Storage | null;
  /** The local with the address that a view counts from. */
  readonly local: number | null;
  /** What it is itself a view of. */
  readonly parent: Holding | null;
}

/** Where an array is: a strided view of memory. `base` is the local that holds the address it counts from. */
export interface MemoryPlace {
  readonly at: "memory";
  readonly base: number;
  /** In bytes, from `base`. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** In elements. */
  readonly stride: readonly number[];
  readonly dtype: DType;
  /** `null` for memory that is never given back. */
  readonly holding: Holding | null;
}

/** A scalar that stands for an array of equal elements. */
export interface SplatPlace {
  readonly at: "splat";
  readonly scalar: ScalarPlace;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Where a value is. */
export type Place = ScalarPlace | MemoryPlace | SplatPlace;

/** Whether the elements stand in row-major order without gaps. */
export function isContiguous({ shape, stride }: MemoryPlace): boolean {
  return sizeOf(shape) <= 1 || sameList(stride, rowMajor(shape)) || sameWhereLong(shape, stride);
}

/** The stride of an axis of length 1 does not matter. */
function sameWhereLong(shape: readonly number[], stride: readonly number[]): boolean {
  const dense = rowMajor(shape);
  return shape.every((n, axis) => n === 1 || stride[axis] === dense[axis]);
}
