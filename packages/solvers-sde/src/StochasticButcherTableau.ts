/**
 * The coefficients of a stochastic Runge–Kutta method with `s` stages, for the Stratonovich equation `dy = f dt + g ∘ dw`.
 *
 * ```text
 * zᵢ  = y₀ + Σⱼ aᵢⱼ f(tⱼ, zⱼ) h + noiseᵢ           tᵢ = t₀ + cᵢ h
 * y₁  = y₀ + Σⱼ bⱼ f(tⱼ, zⱼ) h + noise
 * err =      Σⱼ βⱼ f(tⱼ, zⱼ) h + noise of the error
 * ```
 *
 * The noise goes by the increment `W` of the Brownian motion over the step, and if there are coefficients for them by its space-time
 * Lévy area `H` and its space-time-time Lévy area `K`. Additive noise, `g(t)`, takes one number for each stage:
 *
 * ```text
 * noiseᵢ = g(t₀) (aᵂᵢ W + aᴴᵢ H + aᴷᵢ K)
 * noise  = g(t₀) (bᵂ W + bᴴ H + bᴷ K) + (g(t₁) - g(t₀)) (½ W - H)
 * ```
 *
 * The last term, with `½ W` alone where there are no coefficients for `H`, is added by every method of such a table. All other noise takes
 * rows, as the drift does, with `X` for each of `W`, `H` and `K`:
 *
 * ```text
 * noiseᵢ = Σₓ Σⱼ aˣᵢⱼ g(tⱼ, zⱼ) X
 * noise  = Σₓ Σⱼ bˣⱼ g(tⱼ, zⱼ) X
 * ```
 *
 * A stage whose coefficients are all zero is not evaluated, of the drift and of the diffusion each for itself.
 */
export type StochasticButcherTableau = AdditiveNoiseTableau | GeneralNoiseTableau;

/** What the tables of all noise have. */
interface DriftCoeffs {
  /** Where the numbers come from: paper, equation or table, DOI. */
  readonly source: string;
  /** The order on ordinary equations. */
  readonly order: number;
  /** The strong order for noise of the type `noiseType`. Step size control goes by it. */
  readonly strongOrder: number;
  /** `c₂ … cₛ`; length `s - 1`. `c₁` is 0. */
  readonly c: readonly number[];
  /** Row `i` is `aᵢ₁ … aᵢ,ᵢ₋₁` for `i = 2 … s`; lengths `1 … s - 1`. */
  readonly a: readonly (readonly number[])[];
  /** `b₁ … bₛ`; length `s`. */
  readonly bSol: readonly number[];
  /** `β₁ … βₛ`; length `s`. @defaultValue no estimate of the error: for constant steps */
  readonly bError?: readonly number[];
}

/** The table of a method for additive noise. */
export interface AdditiveNoiseTableau extends DriftCoeffs {
  readonly noiseType: "additive";
  readonly coeffsW: AdditiveCoeffs;
  readonly coeffsHh?: AdditiveCoeffs;
  /** Only beside `coeffsHh`. */
  readonly coeffsKk?: AdditiveCoeffs;
}

/** The table of a method for noise that depends on the state. */
export interface GeneralNoiseTableau extends DriftCoeffs {
  /** The noise that `strongOrder` is of. The method is for general noise in any case. */
  readonly noiseType: "commutative" | "general";
  readonly coeffsW: GeneralCoeffs;
  readonly coeffsHh?: GeneralCoeffs;
  /** Only beside `coeffsHh`. */
  readonly coeffsKk?: GeneralCoeffs;
}

/** The coefficients of `W`, `H` or `K` for additive noise. */
export interface AdditiveCoeffs {
  /** One number for each stage; length `s`. */
  readonly a: readonly number[];
  readonly bSol: number;
}

/** The coefficients of `W`, `H` or `K` for other noise. */
export interface GeneralCoeffs {
  /** Rows as those of the drift: lengths `1 … s - 1`. */
  readonly a: readonly (readonly number[])[];
  /** Length `s`. */
  readonly bSol: readonly number[];
  /** Length `s`; with the `bError` of the drift, or else left out. */
  readonly bError?: readonly number[];
}
