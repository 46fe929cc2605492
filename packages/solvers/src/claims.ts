import type { Scalar } from "@diffrax-ts/pytree";
import type { Term, Tree } from "@diffrax-ts/protocol";

/** What a solver claims of itself. */
interface Claims {
  /** On ordinary differential equations. */
  readonly order: number;
  /** On stochastic ones; `null` if it does not converge. */
  readonly strongOrder: number | null;
}

/** A solver that holds its claims. */
export interface Claiming {
  readonly claims: Claims;
}

// The functions of a solver that only tell its claims.

export function order(this: Claiming): number {
  return this.claims.order;
}

export function strongOrder(this: Claiming): number | null {
  return this.claims.strongOrder;
}

/** The embedded solution is of one order less, so the error of a step is of the order of the solver. */
export function errorOrder(this: Claiming): number {
  return this.claims.order;
}

export function func(term: Term, t: Scalar, y: Tree, args: unknown): Tree {
  return term.vf(t, y, args);
}
