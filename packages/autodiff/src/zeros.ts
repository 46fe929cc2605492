import { add, apply, arrayType, constantOf, type Type } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** Zeros of a type; for a buffer, a new buffer of zeros. */
export function zeros(type: Type): Tensor {
  const { dtype, shape, buffer } = type;
  if (buffer) return apply("bufferNew", [], { dtype, shape, fill: 0 })[0]!;
  const zero = constantOf(dtype, 0) as Tensor;
  return shape.length === 0 ? zero : apply("broadcast", [zero], { shape, axes: [] })[0]!;
}

/** The type of a tensor. */
export function typeOf(x: Tensor): Type {
  return x as unknown as Type;
}

/** The type of a cotangent: that of the value; of a buffer, the array that can be read. */
export function cotangentType({ dtype, shape }: Type): Type {
  return arrayType(dtype, shape);
}

/** The sum of what is there; `null` is zero. */
export function addMaybe(a: Tensor | null, b: Tensor | null): Tensor | null {
  if (a === null) return b;
  return b === null ? a : add(a, b);
}

/** Whether a tangent is zero. */
export function isZero(tangent: Tensor | null | undefined): tangent is null | undefined {
  return tangent === null || tangent === undefined;
}

/** The elements of a list that a mask picks. */
export function pick<T>(list: readonly T[], mask: readonly boolean[]): T[] {
  return list.filter((_, i) => mask[i]);
}

/** A list as long as the mask, with the next element where it is true and `null` elsewhere. */
export function spread<T>(list: readonly T[], mask: readonly boolean[]): (T | null)[] {
  let next = 0;
  return mask.map((here) => (here ? list[next++]! : null));
}
