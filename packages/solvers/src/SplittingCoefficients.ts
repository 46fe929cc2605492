/**
 * The coefficients of a splitting method with `s` stages, for `q' = v(t, p)` and `p' = F(t, q)`. From `q₀`, `p₀`, for `i = 1 … s`:
 *
 * ```text
 * q ← q + cᵢ Δt v(t₀ + (d₁ + … + dᵢ₋₁) Δt, p)        drift
 * p ← p + dᵢ Δt F(t₀ + (c₁ + … + cᵢ) Δt, q)          kick
 * ```
 *
 * Where `v = ∂T/∂p` and `F = -∂V/∂q`, each line is the exact flow of one part of the Hamiltonian `T(p) + V(q)`, and the method is
 * symplectic for any coefficients.
 */
export interface SplittingCoefficients {
  /** Where the numbers come from: paper, equation or table, DOI. */
  readonly source: string;
  /** For any `v` and `F`. */
  readonly order: number;
  /** `c₁ … cₛ`, the drifts; length `s`, sum 1. One that is zero is left out of the step. */
  readonly c: readonly number[];
  /** `d₁ … dₛ`, the kicks; length `s`, sum 1. One that is zero is left out of the step. */
  readonly d: readonly number[];
  /**
   * Where in the step the force is evaluated, from 0 to 1: for a method of order 1, of which the time of the force makes no other.
   * @defaultValue `c₁, c₁ + c₂, …`, which the order of a force that depends on the time needs
   */
  readonly forceTimes?: readonly number[];
}

/** One line of a step: part `part` of the state is moved by its slope at the time `at`, times `weight`. */
export interface Substep {
  /** 0 for a drift, of `q`; 1 for a kick, of `p`. */
  readonly part: 0 | 1;
  readonly weight: number;
  /** The time within the step, from 0 to 1. */
  readonly at: number;
}

/** The lines of a step, without those that do nothing. */
export function substepsOf({ c, d, forceTimes }: SplittingCoefficients): readonly Substep[] {
  const lines: Substep[] = [];
  let [drifted, kicked] = [0, 0];
  for (const [i, drift] of c.entries()) {
    lines.push({ part: 0, weight: drift, at: wholeOrPart(kicked) });
    drifted += drift;
    lines.push({ part: 1, weight: d[i]!, at: forceTimes?.[i] ?? wholeOrPart(drifted) });
    kicked += d[i]!;
  }
  return lines.filter(({ weight }) => weight !== 0);
}

/** Sums of coefficients are rounded: one that is meant to be 0 or 1 is made so, for the ends of the step to be met exactly. */
function wholeOrPart(sum: number): number {
  const whole = Math.round(sum);
  return Math.abs(sum - whole) < 1e-9 ? whole : sum;
}
