/**
 * The solution between the steps: within one, and over a whole solve.
 *
 * @packageDocumentation
 */
export { DenseInterpolation, type DenseInterpolationFields } from "./DenseInterpolation.ts";
export { fourthOrderPolynomialInterpolation } from "./fourthOrderInterpolation.ts";
export { thirdOrderHermitePolynomialInterpolation } from "./hermiteInterpolation.ts";
export { localLinearInterpolation, type LocalLinearInterpolation } from "./linearInterpolation.ts";
export { linearRescale, linearSlope } from "./linearRescale.ts";
export {
  type PolynomialInterpolation,
  polynomialInterpolation,
} from "./polynomialInterpolation.ts";
export { stagesOf } from "./stagesOf.ts";
