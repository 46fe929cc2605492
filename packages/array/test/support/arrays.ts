import { reshape, tensor } from "@diffrax-ts/array";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { expect } from "vitest";

/** The dtypes of the property tests. */
export const floats = ["float64", "float32"] as const;

/** Shapes of a rank, with lengths of 0 now and then. */
export function shapes(
  ranks: { readonly least?: number; readonly most?: number } = {},
): fc.Arbitrary<number[]> {
  const { least = 0, most = 3 } = ranks;
  return fc.array(fc.integer({ min: 0, max: 4 }), { minLength: least, maxLength: most });
}

/** Shapes without an axis of length 0. */
export function fullShapes(
  ranks: { readonly least?: number; readonly most?: number } = {},
): fc.Arbitrary<number[]> {
  return shapes(ranks).map((shape) => shape.map((n) => Math.max(n, 1)));
}

/** Numbers with some of the special ones. */
export const numbers: fc.Arbitrary<number> = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -8, max: 8, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, -0, 1, -1, NaN, Infinity, -Infinity, 5e-324, 1e300) },
);

/** Small integers, whose sums and products are exact in every dtype. */
export const integers: fc.Arbitrary<number> = fc.integer({ min: -9, max: 9 });

/** Tensors of this shape. */
export function tensorsOf(
  shape: readonly number[],
  dtype: DType = "float64",
  elements: fc.Arbitrary<number> = integers,
): fc.Arbitrary<Tensor> {
  const size = shape.reduce((a, b) => a * b, 1);
  return fc
    .array(elements, { minLength: size, maxLength: size })
    .map((list) => reshape(tensor(list, { dtype }), shape));
}

/** All indices of a shape, in row-major order. */
export function indicesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (found, n) => found.flatMap((index) => Array.from({ length: n }, (_, i) => [...index, i])),
    [[]],
  );
}

/** The element at an index, as it is stored. */
export function elementAt({ data, stride, offset }: Tensor, index: readonly number[]): number {
  return Number(data[index.reduce((place, i, axis) => place + i * stride[axis]!, offset)]);
}

/** The elements in row-major order. */
export function elementsOf(x: Tensor): number[] {
  return indicesOf(x.shape).map((index) => elementAt(x, index));
}

/** Checks dtype, shape, and every element: -0 is not 0. */
export function expectTensor(
  actual: Tensor,
  dtype: DType,
  shape: readonly number[],
  element: (index: readonly number[]) => number | boolean,
): void {
  const round = dtype === "float32" ? Math.fround : (x: number) => x;
  expect({ dtype: actual.dtype, shape: [...actual.shape], elements: elementsOf(actual) }).toEqual({
    dtype,
    shape: [...shape],
    elements: indicesOf(shape).map((index) => round(Number(element(index)))),
  });
}
