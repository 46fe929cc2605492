/**
 * The coefficients of a Runge–Kutta method with `s` stages, explicit or diagonally implicit.
 *
 * ```text
 *  c₁ | a₁₁
 *  c₂ | a₂₁ a₂₂
 *  c₃ | a₃₁ a₃₂ a₃₃
 *  ⋮  |  ⋮           ⋱
 * ----+----------------
 *     | b₁  b₂  …  bₛ      y₁  = y₀ + Σᵢ bᵢ kᵢ
 *     | β₁  β₂  …  βₛ      err = Σᵢ βᵢ kᵢ
 * ```
 *
 * with `kᵢ = f(t₀ + cᵢ Δt, y₀ + Σⱼ aᵢⱼ kⱼ) Δx`. The error row holds `β = b - b̂` itself, so that no two nearly
 * equal solutions are subtracted. Without a diagonal the method is explicit, and `c₁ = 0`.
 */
export interface ButcherTableau {
  /** Where the numbers come from: paper, equation or table, DOI. */
  readonly source: string;
  /** The order of `bSol`. */
  readonly order: number;
  /** The order of the embedded solution `bSol - bError`. */
  readonly embeddedOrder: number;
  /** The strong order on Stratonovich stochastic equations of general noise. @defaultValue none */
  readonly strongOrder?: number;
  /** `c₂ … cₛ`; length `s - 1`. `c₁` is `a₁₁`: zero for explicit methods. */
  readonly c: readonly number[];
  /** Row `i` is `aᵢ₁ … aᵢ,ᵢ₋₁` for `i = 2 … s`; lengths `1 … s - 1`. */
  readonly aLower: readonly (readonly number[])[];
  /** `b₁ … bₛ`; length `s`. */
  readonly bSol: readonly number[];
  /** `β₁ … βₛ`; length `s`. */
  readonly bError: readonly number[];
  /** `a₁₁ … aₛₛ`; length `s`. A stage with zero is explicit. @defaultValue all zero */
  readonly aDiagonal?: readonly number[];
  /**
   * From which of the stages before it the iteration for a stage starts: `kᵢ ≈ Σⱼ αᵢⱼ kⱼ`. Rows as those of `aLower`, each with the sum 1. A first
   * stage that is implicit starts from `f(t₀, y₀)`. @defaultValue the stage before
   */
  readonly aPredictor?: readonly (readonly number[])[];
}

/**
 * Whether some stage depends on itself.
 *
 * @example
 * ```ts
 * import { isImplicit, tsit5Tableau } from "@diffrax-ts/solvers";
 *
 * isImplicit(tsit5Tableau);
 * // → false
 * ```
 */
export function isImplicit({ aDiagonal }: ButcherTableau): boolean {
  return aDiagonal?.some((a) => a !== 0) ?? false;
}

/** The rows `aᵢ₁ … aᵢᵢ` of all stages, the diagonal included. */
export function rowsOf({ aLower, aDiagonal }: ButcherTableau): readonly (readonly number[])[] {
  return [[], ...aLower].map((row: readonly number[], i) => row.concat(aDiagonal?.[i] ?? 0));
}

/**
 * Whether the last stage is evaluated at the solution, and the first one at the start: the last one is then the first of the next step
 * ("first same as last").
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
export function isFsal(tableau: ButcherTableau): boolean {
  const { bSol, aDiagonal } = tableau;
  const last = rowsOf(tableau).at(-1)!;
  return bSol.length > 1 && (aDiagonal?.[0] ?? 0) === 0 && last.every((a, j) => a === bSol[j]);
}
