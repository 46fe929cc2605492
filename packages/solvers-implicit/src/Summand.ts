import { add, mul, sub } from "@diffrax-ts/array";
import type { Term, Tree } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import { type ButcherTableau, isFsal } from "@diffrax-ts/solvers";

/** One term of a step, with its tableau. */
export interface Summand {
  readonly term: Term;
  readonly tableau: ButcherTableau;
}

/** A summand over one step. */
export interface Driven extends Summand {
  /** The increment of the control over the whole step. */
  readonly control: Tree;
}

/**
 * Whether the last stages are the first ones of the next step: those of all terms. A term whose vector field is expensive is asked for increments alone, which
 * belong to the control of one step.
 */
export function passesOn(
  summands: readonly Summand[],
  { t0, t1, y0, args }: { t0: Scalar; t1: Scalar; y0: Tree; args: unknown },
): boolean {
  return summands.every(
    ({ term, tableau }) => isFsal(tableau) && !term.isVfExpensive(t0, t1, y0, args),
  );
}

/** `cᵢ`. */
export function nodeOf({ c, aDiagonal }: ButcherTableau, i: number): number {
  return i === 0 ? (aDiagonal?.[0] ?? 0) : c[i - 1]!;
}

/** From which stages the iterations for the stages after the first start. */
export function predictorsOf({
  aLower,
  aPredictor,
}: ButcherTableau): readonly (readonly number[])[] {
  return aPredictor ?? aLower.map((row) => row.map((_, j) => (j === row.length - 1 ? 1 : 0)));
}

/** `t₀ + cᵢ Δt`, without roundings at the ends of the step. */
export function stageTime(c: number, t0: Scalar, t1: Scalar): Scalar {
  if (c === 0) return t0;
  return c === 1 ? t1 : add(t0, mul(sub(t1, t0), c));
}
