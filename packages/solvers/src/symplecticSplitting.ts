import { checkSplitting } from "./checkSplitting.ts";
import { splitting, type SymplecticSplitting } from "./splitting.ts";
import type { SplittingCoefficients } from "./SplittingCoefficients.ts";

/**
 * Makes a symplectic splitting method from its coefficients: a method of your own, or one that this package lacks.
 *
 * It solves `q' = v(t, p)`, `p' = F(t, q)` for a state `[q, p]`, and takes the terms `[velocity, force]`. A method whose first line and
 * last line move the same part evaluates that term once less in each step: what the last line has found, the first of the next step
 * uses. Between the steps it is the cubic with the values and slopes of both ends, of order 3; a method of order 1 is a line. It has
 * no error estimate: `HalfSolver` gives it one.
 *
 * @throws RangeError or TypeError for coefficients whose lengths or sums are wrong, or that claim an order of which they do not fulfil
 * the conditions for any `v` and `F`; it names the field, and what was expected.
 * @param kind - Its name. Those of other packages begin with the name of the package: `"my-package/Ruth3"`.
 * @see Hairer, Lubich & Wanner, Geometric Numerical Integration, II.5, doi:10.1007/3-540-30666-8
 *
 * @example
 * ```ts
 * import { symplecticSplitting } from "@diffrax-ts/solvers";
 *
 * const Ruth3 = () =>
 *   symplecticSplitting("my-package/Ruth3", {
 *     source: "Ruth (1983), IEEE Trans. Nucl. Sci. 30(4), 2669–2671, doi:10.1109/TNS.1983.4332919",
 *     order: 3,
 *     c: [1, -2 / 3, 2 / 3],
 *     d: [-1 / 24, 3 / 4, 7 / 24],
 *   });
 * Ruth3().claims.order;
 * // → 3
 * ```
 */
export function symplecticSplitting<const Kind extends string>(
  kind: Kind,
  coefficients: SplittingCoefficients,
): SymplecticSplitting<Kind> {
  checkSplitting(kind, coefficients);
  return splitting(kind, coefficients);
}
