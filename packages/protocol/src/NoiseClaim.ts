import type { NoiseType } from "./NoiseType.ts";
import type { Term } from "./Term.ts";

/** What the noise of a term is said to be, and the solve that relies on it. */
export interface NoiseClaim {
  readonly term: Term;
  /** The kind of the solver. */
  readonly solver: string;
  /** The noise that the solver is made for. */
  readonly wanted: NoiseType;
  readonly start: NoiseStart;
}

/** Where a solve starts. */
export interface NoiseStart {
  readonly t0: unknown;
  readonly y0: unknown;
  /** As terms are handed them. */
  readonly args: unknown;
  readonly dtype: "float64" | "float32";
  /** A tree, or a term, with its numbers in the dtype of the solve. */
  readonly inDType: (tree: unknown) => unknown;
}
