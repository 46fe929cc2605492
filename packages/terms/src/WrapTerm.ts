import { equal, mul, neg, where } from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import {
  type BrownianIncrement,
  type ControlWanted,
  isMultiTerm,
  isStochastic,
  mapTerms,
  type ReadField,
  type StatePart,
  type Term,
  termOver,
  termRound,
  type TermRound,
  type Terms,
  type TermStep,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";

/** What is round a term so that a solve always runs forward in time. */
interface Turned extends TermRound {
  /** 1, or -1 for a solve that runs backward. */
  readonly direction: Scalar | -1;
  /** The step that it is asked within, as solvers see it and as the term does. */
  readonly step?: {
    readonly t0: Scalar;
    readonly t1: Scalar;
    readonly from: Scalar;
    readonly to: Scalar;
  };
}

/**
 * Turns time round: the term at `direction * t`, against a control that runs the other way. With it a solver only ever steps
 * forward; `diffeqsolve` makes one if `t1 < t0`.
 *
 * It keeps the kind of the term and its data, for solvers that ask for terms by their kind. A sum stays one, of terms that are
 * turned.
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
export function WrapTerm<Of extends Term>(term: Of, direction: Scalar | -1): Of {
  if (isMultiTerm(term)) {
    // A solver that wants a sum looks into it.
    return { ...term, terms: term.terms.map((one) => WrapTerm(one, direction)) };
  }
  return turned(term, direction);
}

/** Turns time round for all terms of a solve. */
export function wrapTerms(terms: Terms, direction: Scalar | -1): Terms {
  return mapTerms((term) => WrapTerm(term, direction), terms);
}

function turned<Of extends Term>(term: Of, direction: Scalar | -1): Of & Turned {
  const fields = { direction, readFields, vf, contr, vfProd, isVfExpensive, init, over };
  return { ...term, ...termRound(term.kind, term, fields) };
}

function readFields(this: Turned, read: ReadField): Turned {
  return turned(this.term.readFields(read), this.direction);
}

function vf(this: Turned, t: Scalar, y: Tree, args: unknown, changes?: StatePart): Tree {
  return this.term.vf(mul(t, this.direction), y, args, changes);
}

/** `direction · (x(b) - x(a))` over the interval as the term sees it. */
function contr(this: Turned, t0: Scalar, t1: Scalar, wanted?: ControlWanted): Tree {
  const { direction } = this;
  const control = earlierFirst(this, t0, t1, wanted);
  const other = treeMap((x) => mul(x, direction), control);
  if (wanted?.levy !== true || !isStochastic(this.term)) return other;
  // How far a path lies above the straight line on average is the same from either end.
  const { H } = control as unknown as BrownianIncrement;
  return H === undefined ? other : { ...(other as object), H };
}

/** The increment of the control from the earlier to the later time. */
function earlierFirst(
  { direction, term, step }: Turned,
  t0: Scalar,
  t1: Scalar,
  wanted: ControlWanted | undefined,
): Tree {
  const isForward = (): Tensor => equal(direction, 1);
  if (step?.t0 === t0 && step.t1 === t1) {
    // By the very tensors that the term was told of, by which it may know what it knows of them
    const forward = (): Tree => term.contr(step.from, step.to, wanted);
    const backward = (): Tree => term.contr(step.to, step.from, wanted);
    // A path that has no increments backward refuses them, so that only one is asked for.
    return typeof direction === "number" ? backward() : cond(isForward(), forward, backward);
  }
  const pick = (forward: Scalar, backward: Scalar): Scalar =>
    typeof direction === "number"
      ? neg(backward)
      : (where(isForward(), forward, neg(backward)) as Scalar);
  return term.contr(pick(t0, t1), pick(t1, t0), wanted);
}

function vfProd(
  this: Turned,
  t: Scalar,
  y: Tree,
  args: unknown,
  control: Tree,
  changes?: StatePart,
): Tree {
  return this.term.vfProd(mul(t, this.direction), y, args, control, changes);
}

function isVfExpensive(this: Turned, t0: Scalar, t1: Scalar, y: Tree, args: unknown): boolean {
  return this.term.isVfExpensive(t0, t1, y, args);
}

function init(this: Turned, t0: Scalar): Tree {
  return this.term.init === undefined ? null : this.term.init(mul(t0, this.direction));
}

function over(this: Turned, before: Tree, t0: Scalar, t1: Scalar): TermStep {
  const { direction } = this;
  const [from, to] = [mul(t0, direction), mul(t1, direction)];
  const { term, ...rest } = termOver(this.term, before, from, to);
  const stepped: Turned = { ...turned(term, direction), step: { t0, t1, from, to } };
  return { term: stepped, ...rest };
}
