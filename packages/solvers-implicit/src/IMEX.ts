import { isElementwiseInterpolation } from "@diffrax-ts/interpolation";
import type { MakeInterpolation } from "@diffrax-ts/protocol";
import { isImplicit } from "@diffrax-ts/solvers";
import type { ImplicitOptions } from "./ImplicitOptions.ts";
import { jacobianFor } from "./CalculateJacobian.ts";
import { type ImexRungeKutta, implicitRungeKutta } from "./implicitRungeKutta.ts";
import { checkMultiTableau, type MultiButcherTableau } from "./MultiButcherTableau.ts";

/**
 * Makes an implicit-explicit Runge–Kutta method from its pair of tables: for a sum of terms, `MultiTerm(explicit, implicit)`, each with the table in its
 * place. Where the diagonal allows it, one Jacobian serves the whole step.
 *
 * @param kind - Its name. Those of other packages begin with the name of the package: `"my-package/ARS222"`.
 * @param interpolation - Gets `{ y0, y1, k }`, with `k` the list of stages, each times the step and the sum over the terms.
 * @throws TypeError or RangeError for tables with wrong lengths or sums, none or several of which are implicit, or that claim an order of which they do not fulfil the
 * conditions, those that couple them included; it names the table, the field, the stage, and what was expected.
 *
 * @example
 * ```ts
 * import { localLinearInterpolation } from "@diffrax-ts/interpolation";
 * import { IMEX, type ImplicitOptions, type MultiButcherTableau } from "@diffrax-ts/solvers-implicit";
 *
 * // Forward and backward Euler, the explicit part at the start of the step and the implicit one at its end.
 * const claims = { source: "Ascher, Ruuth & Spiteri (1997)", order: 1, embeddedOrder: 1 };
 * const imexEuler: MultiButcherTableau = {
 *   ...claims,
 *   tableaus: [
 *     { ...claims, c: [1], aLower: [[1]], bSol: [1, 0], bError: [0, 0] },
 *     { ...claims, c: [1], aLower: [[0]], aDiagonal: [0, 1], bSol: [0, 1], bError: [0, 0] },
 *   ],
 * };
 * const IMEXEuler = (options?: ImplicitOptions) =>
 *   IMEX("my-package/IMEXEuler", imexEuler, localLinearInterpolation, options);
 * IMEXEuler().calculateJacobian;
 * // → "secondStage"
 * ```
 */
export function IMEX<const Kind extends string>(
  kind: Kind,
  tableau: MultiButcherTableau,
  interpolation: MakeInterpolation,
  options: ImplicitOptions = {},
): ImexRungeKutta<Kind> {
  const name = `IMEX: ${kind}: tableau`;
  checkMultiTableau(name, tableau);
  const implicit = tableau.tableaus.find((one) => isImplicit(one));
  if (implicit === undefined) {
    throw new RangeError(
      `${name}.tableaus: expected one with aDiagonal, got none; explicitRungeKutta makes explicit methods`,
    );
  }
  const calculateJacobian = jacobianFor(implicit);
  const isElementwise = isElementwiseInterpolation(interpolation);
  const method = { tableau, calculateJacobian, interpolation, isElementwise };
  return implicitRungeKutta(kind, method, options);
}
