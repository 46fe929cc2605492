import { describeValue } from "@diffrax-ts/pytree";
import {
  type ButcherTableau,
  checkOnce,
  checkOrders,
  checkTableau,
  isImplicit,
  type OrderClaims,
} from "@diffrax-ts/solvers";

/**
 * The coefficients of a Runge–Kutta method for a sum of terms, with a tableau for each of them: at most one is implicit.
 *
 * ```text
 * yᵢ = y₀ + Σₚ Σⱼ aᵢⱼ⁽ᵖ⁾ kⱼ⁽ᵖ⁾,   kᵢ⁽ᵖ⁾ = fₚ(t₀ + cᵢ⁽ᵖ⁾ Δt, yᵢ) Δxₚ,   y₁ = y₀ + Σₚ Σᵢ bᵢ⁽ᵖ⁾ kᵢ⁽ᵖ⁾
 * ```
 *
 * The orders are those of the whole, which the orders of its tableaus bound: they have to fulfil coupling conditions, too.
 */
export interface MultiButcherTableau extends OrderClaims {
  /** Where the numbers come from: paper, equation or table, DOI. */
  readonly source: string;
  /** One for each term, with the same number of stages. */
  readonly tableaus: readonly ButcherTableau[];
}

/** One tableau, or several for a sum of terms. */
export type Tableau = ButcherTableau | MultiButcherTableau;

/** The tableaus, one for each term. */
export function tableausOf(tableau: Tableau): readonly ButcherTableau[] {
  return "tableaus" in tableau ? tableau.tableaus : [tableau];
}

/**
 * Holds the tableaus of a method against what they have to fulfil, each and together, once.
 *
 * @param name - What errors begin with.
 * @throws TypeError or RangeError that says which tableau, field and stage, what was expected, and what it got.
 */
export function checkMultiTableau(name: string, multi: MultiButcherTableau): void {
  checkOnce(name, "a MultiButcherTableau", multi, (checks) => {
    const { refuse } = checks;
    const { tableaus } = multi;
    if (!Array.isArray(tableaus) || tableaus.length === 0)
      refuse(`tableaus: expected one for each term, got ${describeValue(tableaus)}`);
    for (const [i, tableau] of tableaus.entries()) checkTableau(`${name}.tableaus[${i}]`, tableau);
    const stages = tableaus.map(({ bSol }) => bSol.length);
    if (new Set(stages).size > 1)
      refuse(`tableaus: expected the same number of stages in each, got ${stages.join(" and ")}`);
    const implicit = tableaus.filter((tableau) => isImplicit(tableau));
    if (implicit.length > 1)
      refuse(`tableaus: expected at most one implicit one, got ${implicit.length}`);
    checkOrders(checks, multi, tableaus);
  });
}
