import { bytesOf, type Known, rowMajor, sizeOf, type Type } from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import type { Address } from "./FunctionEmitter.ts";
import type { Storage } from "./FreePieces.ts";

/** The local that holds the address of the frame, in every function. */
export const framePointer = 0;

/** A scalar in a local. */
export interface LocalPlace {
  readonly at: "local";
  readonly local: number;
  readonly dtype: DType;
}

/** A scalar that is known. */
export interface ConstantPlace {
  readonly at: "constant";
  readonly constant: Known;
  readonly dtype: DType;
}

/** A strided view of memory; without axes, a scalar there. */
export interface MemoryPlace extends Address {
  readonly at: "memory";
  readonly shape: readonly number[];
  /** In elements. */
  readonly stride: readonly number[];
  /** `null` for memory that is never given back. */
  readonly holding: Holding | null;
}

/** Where a value is while code runs. For an array, the place of a scalar stands for all elements. */
export type Place = LocalPlace | ConstantPlace | MemoryPlace;

/** Whether a place has elements of its own, rather than one for all. */
export function isArray(place: Place): place is MemoryPlace {
  return place.at === "memory" && place.shape.length > 0;
}

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

export function localAt(local: number, dtype: DType): LocalPlace {
  return { at: "local", local, dtype };
}

export function constantAt(constant: Known): ConstantPlace {
  return { at: "constant", constant, dtype: constant.dtype };
}

/** Memory without gaps. */
export function memoryAt(
  { dtype, shape }: Pick<Type, "dtype" | "shape">,
  base: number,
  offset: number,
  holding: Holding | null = null,
): MemoryPlace {
  return { at: "memory", base, offset, dtype, shape, stride: rowMajor(shape), holding };
}

/** Another view of the same memory: `start` is the place of its first element along each axis. */
export function viewAt(
  place: MemoryPlace,
  shape: readonly number[],
  stride: readonly number[] = place.stride,
  start: readonly number[] = [],
): MemoryPlace {
  const elements = start.reduce((sum, s, axis) => sum + s * place.stride[axis]!, 0);
  return { ...place, shape, stride, offset: place.offset + elements * bytesOf(place.dtype) };
}

/** The start of a view that begins in the first row along all axes but one. */
export function along(axis: number, start: number): number[] {
  return [...new Array<number>(axis).fill(0), start];
}

/** An array from its last element to its first, along some axes. */
export function reversed(place: MemoryPlace, axes: readonly number[]): MemoryPlace {
  const { shape, stride } = place;
  return viewAt(
    place,
    shape,
    stride.map((s, axis) => (axes.includes(axis) ? -s : s)),
    shape.map((n, axis) => (axes.includes(axis) ? n - 1 : 0)),
  );
}

/** Whether the elements stand in row-major order without gaps. The stride of an axis of length 1 does not matter. */
export function isContiguous({ shape, stride }: MemoryPlace): boolean {
  const wanted = rowMajor(shape);
  return sizeOf(shape) <= 1 || shape.every((n, axis) => n === 1 || stride[axis] === wanted[axis]);
}

/** The axes, from that along which elements are farthest apart to that along which they are next to one another. */
export function byStride({ stride }: Pick<MemoryPlace, "stride">): number[] {
  return Array.from(stride.keys()).toSorted((i, j) => stride[j]! - stride[i]!);
}
