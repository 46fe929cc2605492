import type { Part, Scalar } from "@diffrax-ts/pytree";
import type { ReadField } from "./ReadField.ts";
import type { Tree } from "./Tree.ts";

/**
 * One summand of a differential equation `dy = Σ f(t, y, args) dx(t)`: a vector field `f` and a control `x`.
 *
 * For an ordinary differential equation the control is the time. `prod` is linear in both of its arguments.
 */
export interface Term extends Part {
  /** The term with the functions that it was given made to work on tensors. */
  readFields(read: ReadField): Term;
  /** `f(t, y, args)`: a value of the vector field; for a time `t` as the control, the structure of `y`. */
  vf(t: Scalar, y: Tree, args: unknown): Tree;
  /** `x(t1) - x(t0)`: the increment of the control. */
  contr(t0: Scalar, t1: Scalar): Tree;
  /** `f · Δx`, with the structure of `y`. */
  prod(vf: Tree, control: Tree): Tree;
  /** `prod(vf(t, y, args), control)`, perhaps in a cheaper way. */
  vfProd(t: Scalar, y: Tree, args: unknown, control: Tree): Tree;
  /** Whether `vfProd` is much cheaper than `vf` and `prod`, so that solvers avoid `vf`. */
  isVfExpensive(t0: Scalar, t1: Scalar, y: Tree, args: unknown): boolean;
}

/** What a solver is given: one term, or several in arrays and records where it wants several. */
export type Terms = Term | readonly Terms[] | { readonly [key: string]: Terms };
