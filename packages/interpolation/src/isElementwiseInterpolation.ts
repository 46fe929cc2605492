import type { MakeInterpolation } from "@diffrax-ts/protocol";
import { thirdOrderHermitePolynomialInterpolation } from "./hermiteInterpolation.ts";
import { localLinearInterpolation } from "./localLinearInterpolation.ts";

/**
 * Whether an interpolation is one of this package, which do the same with every number of the state: for makers of solvers that are
 * `isElementwise` if it is.
 *
 * @example
 * ```ts
 * import { isElementwiseInterpolation, localLinearInterpolation } from "@diffrax-ts/interpolation";
 *
 * isElementwiseInterpolation(localLinearInterpolation);
 * // → true
 * ```
 */
export function isElementwiseInterpolation(interpolation: MakeInterpolation): boolean {
  return (
    interpolation === localLinearInterpolation ||
    interpolation === thirdOrderHermitePolynomialInterpolation
  );
}
