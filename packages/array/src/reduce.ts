import { apply, astype, isFloat, type ReducePrimitive, reshape } from "@diffrax-ts/program";
import { checkOptions, type Tensor } from "@diffrax-ts/pytree";
import { axesOf, type AxisList } from "./axes.ts";

/** Options of what makes one number of several. */
export interface ReduceOptions {
  /** The axes to go along; `null` for all. @defaultValue null */
  readonly axis?: AxisList;
  /** Whether the axes stay, with length 1. @defaultValue false */
  readonly keepdims?: boolean | undefined;
}

/** Options under which one number is left. */
export interface ReduceAllOptions {
  readonly axis?: null | undefined;
  readonly keepdims?: false | undefined;
}

/** A reduction along the axes of `options`. */
export function reduceAlong(
  name: string,
  primitive: ReducePrimitive,
  x: Tensor,
  options: ReduceOptions,
): Tensor {
  const { axis, keepdims = false } = checkOptions(name, options, ["axis", "keepdims"]);
  const axes = axesOf(name, axis, x.shape).sort((a, b) => a - b);
  const [result] = apply(primitive, [x], { axes });
  return keepdims ? keepAxes(result!, x.shape, axes) : result!;
}

/** The result of a reduction with the axes back, each with length 1. */
export function keepAxes(
  result: Tensor,
  shape: readonly number[],
  axes: readonly number[],
): Tensor {
  return reshape(
    result,
    shape.map((n, axis) => (axes.includes(axis) ? 1 : n)),
  );
}

/** Truth values as numbers that can be counted; numbers as they are. */
export function countable(x: Tensor): Tensor {
  return x.dtype === "bool" ? astype(x, "int32") : x;
}

/** Integers and truth values as float64; floats as they are. */
export function asFloat(x: Tensor): Tensor {
  return isFloat(x.dtype) ? x : astype(x, "float64");
}
