/**
 * The coefficients of an explicit Runge–Kutta method with `s` stages.
 *
 * ```text
 *  0  |
 *  c₂ | a₂₁
 *  c₃ | a₃₁ a₃₂
 *  ⋮  |  ⋮       ⋱
 * ----+----------------
 *     | b₁  b₂  …  bₛ      y₁  = y₀ + Σᵢ bᵢ kᵢ
 *     | β₁  β₂  …  βₛ      err = Σᵢ βᵢ kᵢ
 * ```
 *
 * with `kᵢ = f(t₀ + cᵢ Δt, y₀ + Σⱼ aᵢⱼ kⱼ) Δx`. The error row holds `β = b - b̂` itself, so that no two nearly
 * equal solutions are subtracted.
 */
export interface ButcherTableau {
  /** Where the numbers come from: paper, equation or table, DOI. */
  readonly source: string;
  /** The order of `bSol`. */
  readonly order: number;
  /** The order of the embedded solution `bSol - bError`. */
  readonly embeddedOrder: number;
  /** `c₂ … cₛ`; length `s - 1` (`c₁ = 0`). */
  readonly c: readonly number[];
  /** Row `i` is `aᵢ₁ … aᵢ,ᵢ₋₁` for `i = 2 … s`; lengths `1 … s - 1`. */
  readonly aLower: readonly (readonly number[])[];
  /** `b₁ … bₛ`; length `s`. */
  readonly bSol: readonly number[];
  /** `β₁ … βₛ`; length `s`. */
  readonly bError: readonly number[];
}

/**
 * Whether the last stage is evaluated at the solution: it is then the first of the next step ("first same as last").
 *
 * @example
 * ```ts
 * import { heunTableau, isFsal, tsit5Tableau } from "@diffrax-ts/solvers";
 *
 * isFsal(tsit5Tableau);
 * // → true
 * isFsal(heunTableau);
 * // → false
 * ```
 */
export function isFsal({ aLower, bSol }: ButcherTableau): boolean {
  const last = aLower.at(-1) ?? [];
  return bSol.at(-1) === 0 && last.length > 0 && last.every((a, j) => a === bSol[j]);
}
