import { isElementwiseInterpolation } from "@diffrax-ts/interpolation";
import type { MakeInterpolation } from "@diffrax-ts/protocol";
import { type ButcherTableau, checkTableau } from "@diffrax-ts/solvers";
import { describeValue } from "@diffrax-ts/pytree";
import type { ImplicitOptions } from "./ImplicitOptions.ts";
import type { CalculateJacobian } from "./CalculateJacobian.ts";
import { type ImplicitRungeKutta, implicitRungeKutta } from "./implicitRungeKutta.ts";

/**
 * Makes a diagonally implicit Runge–Kutta method from its table: any diagonal. Each implicit stage has a Jacobian of its own; if all numbers of the diagonal
 * are the same take `SDIRK`, and if only the first is another, zero, take `ESDIRK`: then one Jacobian serves the whole step.
 *
 * A stage with a zero on the diagonal is explicit.
 *
 * @param kind - Its name. Those of other packages begin with the name of the package: `"my-package/CrankNicolson"`.
 * @param interpolation - Gets `{ y0, y1, k }`, with `k` the list of stages, each times the step.
 * @throws TypeError or RangeError for a table with wrong lengths or sums, one without a number on the diagonal, or one that claims an order of which it does
 * not fulfil the conditions; it names the field, the stage, and what was expected.
 *
 * @example
 * ```ts
 * import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
 * import type { ButcherTableau } from "@diffrax-ts/solvers";
 * import { DIRK, type ImplicitOptions } from "@diffrax-ts/solvers-implicit";
 *
 * const crankNicolson: ButcherTableau = {
 *   source: "Crank & Nicolson (1947)", order: 2, embeddedOrder: 1,
 *   c: [1],
 *   aLower: [[1 / 2]],
 *   aDiagonal: [0, 1 / 2],
 *   bSol: [1 / 2, 1 / 2],
 *   bError: [-1 / 2, 1 / 2],
 * };
 * const CrankNicolson = (options?: ImplicitOptions) =>
 *   DIRK("my-package/CrankNicolson", crankNicolson, thirdOrderHermitePolynomialInterpolation, options);
 * CrankNicolson().tableau.order;
 * // → 2
 * ```
 */
export function DIRK<const Kind extends string>(
  kind: Kind,
  tableau: ButcherTableau,
  interpolation: MakeInterpolation,
  options?: ImplicitOptions,
): ImplicitRungeKutta<Kind, "term"> {
  const refuse = checkDiagonal("DIRK", kind, tableau);
  if (tableau.aDiagonal!.every((a) => a === 0))
    refuse("a number that is not zero; explicitRungeKutta makes explicit methods");
  return make("everyStage", kind, tableau, interpolation, options);
}

/**
 * Makes a singly diagonally implicit Runge–Kutta method from its table: one number all along the diagonal, so that the Jacobian of the first stage serves the
 * whole step. Otherwise as `DIRK`.
 *
 * @example
 * ```ts
 * import { localLinearInterpolation } from "@diffrax-ts/interpolation";
 * import type { ButcherTableau } from "@diffrax-ts/solvers";
 * import { type ImplicitOptions, SDIRK } from "@diffrax-ts/solvers-implicit";
 *
 * const γ = 1 - Math.SQRT1_2;
 * const alexander: ButcherTableau = {
 *   source: "Alexander (1977), doi:10.1137/0714068", order: 2, embeddedOrder: 1,
 *   c: [1],
 *   aLower: [[1 - γ]],
 *   aDiagonal: [γ, γ],
 *   bSol: [1 - γ, γ],
 *   bError: [-γ, γ],
 * };
 * const Alexander2 = (options?: ImplicitOptions) =>
 *   SDIRK("my-package/Alexander2", alexander, localLinearInterpolation, options);
 * Alexander2().calculateJacobian;
 * // → "firstStage"
 * ```
 */
export function SDIRK<const Kind extends string>(
  kind: Kind,
  tableau: ButcherTableau,
  interpolation: MakeInterpolation,
  options?: ImplicitOptions,
): ImplicitRungeKutta<Kind, "term"> {
  const refuse = checkDiagonal("SDIRK", kind, tableau);
  const [γ] = tableau.aDiagonal as [number];
  if (γ === 0 || tableau.aDiagonal!.some((a) => a !== γ))
    refuse("one number that is not zero, at every stage; DIRK takes any diagonal");
  return make("firstStage", kind, tableau, interpolation, options);
}

/**
 * Makes a singly diagonally implicit Runge–Kutta method with an explicit first stage from its table: zero, and then one number all along the diagonal, so that
 * the Jacobian of the second stage serves the whole step. Otherwise as `DIRK`.
 *
 * @example
 * ```ts
 * import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
 * import { ESDIRK, type ImplicitOptions, kvaerno3Tableau } from "@diffrax-ts/solvers-implicit";
 *
 * const MyKvaerno3 = (options?: ImplicitOptions) =>
 *   ESDIRK("my-package/Kvaerno3", kvaerno3Tableau, thirdOrderHermitePolynomialInterpolation, options);
 * MyKvaerno3().calculateJacobian;
 * // → "secondStage"
 * ```
 */
export function ESDIRK<const Kind extends string>(
  kind: Kind,
  tableau: ButcherTableau,
  interpolation: MakeInterpolation,
  options?: ImplicitOptions,
): ImplicitRungeKutta<Kind, "term"> {
  const refuse = checkDiagonal("ESDIRK", kind, tableau);
  const [first, γ, ...rest] = tableau.aDiagonal as [number, number];
  if (first !== 0 || γ === undefined || γ === 0 || rest.some((a) => a !== γ))
    refuse("zero, and then one number that is not zero; DIRK takes any diagonal");
  return make("secondStage", kind, tableau, interpolation, options);
}

/** Checks a tableau, and returns what refuses its diagonal. */
function checkDiagonal(
  maker: string,
  kind: string,
  tableau: ButcherTableau,
): (wanted: string) => never {
  const name = `${maker}: ${kind}: tableau`;
  const refuse = (wanted: string): never => {
    throw new RangeError(
      `${name}.aDiagonal: expected ${wanted}, got ${describeValue(tableau.aDiagonal)}`,
    );
  };
  // Before the rows are summed up, in which it would be missing.
  if (Array.isArray(tableau?.bSol) && tableau.aDiagonal === undefined)
    refuse("one number for each stage");
  checkTableau(name, tableau);
  return refuse;
}

function make<const Kind extends string>(
  calculateJacobian: CalculateJacobian,
  kind: Kind,
  tableau: ButcherTableau,
  interpolation: MakeInterpolation,
  options: ImplicitOptions = {},
): ImplicitRungeKutta<Kind, "term"> {
  const isElementwise = isElementwiseInterpolation(interpolation);
  const method = { tableau, calculateJacobian, interpolation, isElementwise };
  return implicitRungeKutta(kind, method, options);
}
