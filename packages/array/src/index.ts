/**
 * NumPy-like functions on tensors.
 *
 * @packageDocumentation
 */
export {
  type Joined,
  type Lowered,
  type Raised,
  type Ranked,
  abs,
  acos,
  acosh,
  add,
  asin,
  asinh,
  asTensor,
  astype,
  atan,
  atan2,
  atanh,
  bitcast,
  cbrt,
  ceil,
  copysign,
  cos,
  cosh,
  div,
  equal,
  erf,
  erfc,
  erfInv,
  exp,
  expm1,
  floor,
  greater,
  greaterEqual,
  integerPow,
  less,
  lessEqual,
  log,
  log10,
  log1p,
  log2,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  logistic,
  maximum,
  minimum,
  mul,
  neg,
  notEqual,
  pow,
  rem,
  round,
  sin,
  sinh,
  sqrt,
  stopGradient,
  sub,
  tan,
  tanh,
  type TensorLike,
  trunc,
  where,
} from "@diffrax-ts/program";
export type { AlongOptions } from "./along.ts";
export { all, any } from "./anyAll.ts";
export { arange } from "./arange.ts";
export type { AxisList } from "./axes.ts";
export { broadcastTo } from "./broadcastTo.ts";
export { type AxisOptions, concatenate, stack } from "./concatenate.ts";
export { cumsum } from "./cumsum.ts";
export { diag, type DiagOptions, trace, type TraceOptions } from "./diag.ts";
export { diff, type DiffOptions } from "./diff.ts";
export { dot, type Dotted, outer, tensordot, type TensordotAxes, vdot } from "./dot.ts";
export { dynamicSlice, dynamicUpdateSlice } from "./dynamicSlice.ts";
export { clip, hypot, sign, square } from "./elementwise.ts";
export { type ArgOptions, argmax, argmin, max, min } from "./extremes.ts";
export { eye } from "./eye.ts";
export { flip, type FlipOptions, roll } from "./flip.ts";
export { full, fullLike, ones, onesLike, zeros, zerosLike } from "./full.ts";
export { linspace, type LinspaceOptions } from "./linspace.ts";
export { isFinite, isNaN } from "./logic.ts";
export { matmul } from "./matmul.ts";
export { meshgrid, type MeshgridOptions } from "./meshgrid.ts";
export { nextafter } from "./nextafter.ts";
export { norm } from "./norm.ts";
export type { NumberLike } from "./numbers.ts";
export { pad, type PadWidths } from "./pad.ts";
export { polyval } from "./polyval.ts";
export { median, quantile, type QuantileMethod, type QuantileOptions } from "./quantile.ts";
export type { ReduceAllOptions, ReduceOptions } from "./reduce.ts";
export { repeat, tile } from "./repeat.ts";
export { expandDims, ravel, reshape, squeeze, type SqueezeOptions } from "./reshape.ts";
export { searchsorted, type SearchsortedOptions } from "./searchsorted.ts";
export type { DTypeOptions, ShapeLike, ShapeOf } from "./shapes.ts";
export { type Range, slice } from "./slice.ts";
export { argsort, sort, type SortOptions } from "./sort.ts";
export { type Pieces, split } from "./split.ts";
export { mean, prod, std, sum, variance, type VarianceOptions } from "./sum.ts";
export { take } from "./take.ts";
export { type RowInput, tensor, type TensorInput } from "./tensor.ts";
export { moveaxis, swapaxes, transpose } from "./transpose.ts";
