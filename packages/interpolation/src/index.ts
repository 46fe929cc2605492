/**
 * Curves through data, and the solution between the steps of a solve.
 *
 * @packageDocumentation
 */
export {
  backwardHermiteCoefficients,
  type CubicCoefficients,
  type HermiteOptions,
} from "./backwardHermiteCoefficients.ts";
export { CubicInterpolation } from "./CubicInterpolation.ts";
export type { DataOf, RowOf, Times } from "./data.ts";
export { DenseInterpolation, type DenseInterpolationFields } from "./DenseInterpolation.ts";
export { fourthOrderPolynomialInterpolation } from "./fourthOrderInterpolation.ts";
export { thirdOrderHermitePolynomialInterpolation } from "./hermiteInterpolation.ts";
export { isElementwiseInterpolation } from "./isElementwiseInterpolation.ts";
export {
  localLinearInterpolation,
  type LocalLinearInterpolation,
} from "./localLinearInterpolation.ts";
export { type InterpolationOptions, LinearInterpolation } from "./LinearInterpolation.ts";
export { linearRescale, linearSlope } from "./linearRescale.ts";
export {
  type FillOptions,
  linearInterpolation,
  rectilinearInterpolation,
  type RectilinearOptions,
} from "./missingData.ts";
export {
  type PolynomialInterpolation,
  polynomialInterpolation,
} from "./polynomialInterpolation.ts";
export { stagesOf } from "./stagesOf.ts";
