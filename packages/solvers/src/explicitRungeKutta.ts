import { isElementwiseInterpolation } from "@diffrax-ts/interpolation";
import type { MakeInterpolation } from "@diffrax-ts/protocol";
import { describeValue } from "@diffrax-ts/pytree";
import { type ButcherTableau, isImplicit } from "./ButcherTableau.ts";
import { checkTableau } from "./checkTableau.ts";
import { type ExplicitRungeKutta, rungeKutta, type RungeKuttaOptions } from "./rungeKutta.ts";

/**
 * Makes an explicit Runge–Kutta method from its table: a method of your own, or one that this package lacks.
 *
 * The vector field is evaluated once for each stage; if the last one stands at the solution, it is the first of the next step.
 * Its order and the order of its error estimate are those that the table claims.
 *
 * @throws RangeError for a tableau that is not explicit, whose lengths or sums are wrong, or that claims an order of which it does not
 * fulfil the conditions; it names the field, the stage, and what was expected.
 * @param kind - Its name. Those of other packages begin with the name of the package: `"my-package/Kutta3"`.
 * @param interpolation - Gets `{ y0, y1, k }`, with `k` the list of stages, each times the step. With one of your own the solver sees the
 * state as it is, unless you add `isElementwise: true`: see `Solver`.
 *
 * @example
 * ```ts
 * import { localLinearInterpolation } from "@diffrax-ts/interpolation";
 * import { type ButcherTableau, explicitRungeKutta } from "@diffrax-ts/solvers";
 *
 * const rungeKutta4: ButcherTableau = {
 *   source: "Kutta (1901)", order: 4, embeddedOrder: 1,
 *   c: [1 / 2, 1 / 2, 1],
 *   aLower: [[1 / 2], [0, 1 / 2], [0, 0, 1]],
 *   bSol: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
 *   bError: [1 / 6 - 1, 1 / 3, 1 / 3, 1 / 6],
 * };
 * const RungeKutta4 = () => explicitRungeKutta("my-package/RungeKutta4", rungeKutta4, localLinearInterpolation);
 * RungeKutta4().tableau.order;
 * // → 4
 * ```
 */
export function explicitRungeKutta<const Kind extends string>(
  kind: Kind,
  tableau: ButcherTableau,
  interpolation: MakeInterpolation,
  options?: RungeKuttaOptions,
): ExplicitRungeKutta<Kind> {
  const name = `explicitRungeKutta: ${kind}: tableau`;
  checkTableau(name, tableau);
  if (isImplicit(tableau)) {
    throw new RangeError(
      `${name}.aDiagonal: expected zeros, as an explicit stage does not depend on itself, got ${describeValue(tableau.aDiagonal)}; ` +
        "DIRK, SDIRK and ESDIRK of @diffrax-ts/solvers-implicit make implicit methods",
    );
  }
  const isElementwise = isElementwiseInterpolation(interpolation);
  return { ...rungeKutta(kind, tableau, interpolation, options), isElementwise };
}
