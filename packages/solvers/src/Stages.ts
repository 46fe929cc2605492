import type { Term, Tree } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import type { ButcherTableau } from "./ButcherTableau.ts";

/** What the stages of a step are computed from. */
export interface StageStart {
  readonly tableau: ButcherTableau;
  readonly term: Term;
  readonly t0: Scalar;
  readonly t1: Scalar;
  readonly y0: Tree;
  readonly args: unknown;
  readonly control: Tree;
  readonly k0: Tree;
  readonly fsal: boolean;
}

/** The stages of a step. */
export interface Stages {
  /** `kᵢ`, each with the structure of the state. */
  readonly k: readonly Tree[];
  /** Where the last stage was evaluated. */
  readonly yLast: Tree;
  /** The vector field there; `null` if the method does not need it. */
  readonly fLast: Tree;
}
