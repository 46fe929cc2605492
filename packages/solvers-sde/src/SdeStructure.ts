import type { MultiTerm, Term } from "@diffrax-ts/protocol";

/** The terms that a solver of stochastic equations wants: the sum of a drift, whose control is time, and a diffusion. */
export interface SdeStructure {
  readonly sum: readonly [
    { readonly name: "drift"; readonly isNoise: false },
    { readonly name: "diffusion" },
  ];
}

/** `f dt` and `g dw`. */
export type NoiseTerms = MultiTerm<readonly [drift: Term, diffusion: Term]>;

export const driftAndDiffusion: SdeStructure = /* @__PURE__ */ (() => ({
  sum: [{ name: "drift", isNoise: false }, { name: "diffusion" }],
}))();
