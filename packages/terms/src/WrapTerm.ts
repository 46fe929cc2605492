import { equal, mul, neg, where } from "@diffrax-ts/array";
import { part, type Scalar } from "@diffrax-ts/pytree";
import { type ReadField, type Term, type Tree, treeMap } from "@diffrax-ts/protocol";

/** A term seen by a solve that always runs forward in time. */
export interface WrapTerm extends Term {
  readonly kind: "WrapTerm";
  readonly term: Term;
  /** 1, or -1 for a solve that runs backward. */
  readonly direction: Scalar | -1;
}

/**
 * Turns time round: the term at `direction * t`, against a control that runs the other way. With it a solver only ever steps
 * forward; `diffeqsolve` makes one if `t1 < t0`.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { traced } from "@diffrax-ts/protocol";
 * import { ODETerm, WrapTerm } from "@diffrax-ts/terms";
 * import type { Tensor } from "@diffrax-ts/pytree";
 *
 * const backward = WrapTerm(ODETerm(traced((t: Tensor) => t)), -1);
 * // At the time 3, and from 3 to 2
 * String(backward.vf(tensor(-3), tensor(0), null));
 * // → "3"
 * String(backward.contr(tensor(-3), tensor(-2)));
 * // → "-1"
 * ```
 */
export function WrapTerm(term: Term, direction: Scalar | -1): WrapTerm {
  return part("WrapTerm", { term, direction, readFields, vf, contr, prod, vfProd, isVfExpensive });
}

function readFields(this: WrapTerm, read: ReadField): WrapTerm {
  return WrapTerm(this.term.readFields(read), this.direction);
}

function vf(this: WrapTerm, t: Scalar, y: Tree, args: unknown): Tree {
  return this.term.vf(mul(t, this.direction) as Scalar, y, args);
}

/** `direction · (x(b) - x(a))` over the interval as the term sees it. */
function contr(this: WrapTerm, t0: Scalar, t1: Scalar): Tree {
  const { direction } = this;
  const pick = (forward: Scalar, backward: Scalar): Scalar =>
    typeof direction === "number"
      ? neg(backward)
      : (where(equal(direction, 1), forward, neg(backward)) as Scalar);
  const control = this.term.contr(pick(t0, t1), pick(t1, t0));
  return treeMap((x) => mul(x, direction), control);
}

function prod(this: WrapTerm, field: Tree, control: Tree): Tree {
  return this.term.prod(field, control);
}

function vfProd(this: WrapTerm, t: Scalar, y: Tree, args: unknown, control: Tree): Tree {
  return this.term.vfProd(mul(t, this.direction) as Scalar, y, args, control);
}

function isVfExpensive(this: WrapTerm, t0: Scalar, t1: Scalar, y: Tree, args: unknown): boolean {
  return this.term.isVfExpensive(t0, t1, y, args);
}
