import type { NestedArray } from "@diffrax-ts/pytree";
import type { Layout } from "./ArrayValue.ts";

/** Values in arrays, nested to any depth. */
export type Nested<T> = T | readonly Nested<T>[];

/** What `each` makes of the elements of a tensor, in arrays nested as deep as its rank. */
export function nested(
  x: Layout,
  each: (element: number | bigint | undefined) => number,
): NestedArray<readonly number[]>;
export function nested<T>(x: Layout, each: (element: number | bigint | undefined) => T): Nested<T>;
export function nested<T>(
  { shape, data, stride, offset }: Layout,
  each: (element: number | bigint | undefined) => T,
): Nested<T> {
  const nest = (axis: number, place: number): Nested<T> =>
    axis === shape.length
      ? each(data[place])
      : Array.from({ length: shape[axis]! }, (_, i) => nest(axis + 1, place + i * stride[axis]!));
  return nest(0, offset);
}
