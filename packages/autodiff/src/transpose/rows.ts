import { apply, arrayType, reshape, scalarTensor, type Type } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { zeros } from "../zeros.ts";

/** A buffer with so many rows of a type. */
export function bufferType({ dtype, shape }: Type, rows: number): Type {
  return { dtype, shape: [rows, ...shape], buffer: true };
}

/** A buffer about whose rows nothing is known. */
export function newBuffer({ dtype, shape }: Type): Tensor {
  return apply("bufferNew", [], { dtype, shape, fill: null })[0]!;
}

/** Row `place` of an array. One without rows belongs to a loop that makes no turn, and is never read. */
export function rowAt(array: Tensor, place: Tensor): Tensor {
  const [length, ...rest] = array.shape;
  if (length === 0) return zeros(arrayType(array.dtype, rest));
  const start = [place, ...rest.map(() => scalarTensor("int32", 0))];
  return reshape(apply("dynamicSlice", [array, ...start], { sizes: [1, ...rest] })[0]!, rest);
}

/** Writes row `place` of a buffer, if there is one; with `pred`, if that holds too. */
export function writeRow(
  buffer: Tensor,
  place: Tensor,
  row: Tensor,
  pred: Tensor = scalarTensor("bool", 1),
): Tensor {
  return apply("bufferWrite", [buffer, place, row, pred], {})[0]!;
}

/** A buffer as an array. */
export function frozen(buffer: Tensor): Tensor {
  return apply("bufferFreeze", [buffer], {})[0]!;
}
