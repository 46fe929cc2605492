import { add } from "@diffrax-ts/array";
import { part, type Scalar } from "@diffrax-ts/pytree";
import {
  checkTerm,
  type ControlWanted,
  firstFailure,
  initTerm,
  type MultiTerm as AnyMultiTerm,
  type ReadField,
  type StatePart,
  type Term,
  termOver,
  type TermStep,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";

/** Several terms whose increments are added. */
export type MultiTerm<Of extends readonly Term[] = readonly Term[]> = AnyMultiTerm<Of>;

/**
 * The sum of several terms, `dy = Σ fᵢ(t, y, args) dxᵢ(t)`: a drift and a diffusion, or an explicit and an implicit part.
 *
 * A solver for one term takes it as one, and adds the increments up. One that treats its terms differently says so in its
 * `termStructure`, and finds them in `terms`, in the order in which they were given.
 *
 * @throws TypeError for something that is no term.
 *
 * @example
 * ```ts
 * import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
 * import { MultiTerm, ODETerm } from "@diffrax-ts/terms";
 *
 * const both = MultiTerm(ODETerm((t: number, y: number) => -2 * y), ODETerm((t: number, y: number) => y));
 * const { ys } = diffeqsolve(both, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1 });
 * ys.at(0).item() - Math.exp(-1);
 * // → 0.0000000…
 * ```
 */
export function MultiTerm<const Of extends readonly Term[]>(...terms: Of): MultiTerm<Of> {
  if (terms.length === 0) throw new TypeError("MultiTerm: expected at least one term, got none");
  for (const [i, term] of terms.entries()) checkTerm(`MultiTerm: term ${i + 1}`, term);
  return sumOf(terms);
}

function sumOf<Of extends readonly Term[]>(terms: Of): MultiTerm<Of> {
  return part("MultiTerm", {
    terms,
    readFields,
    vf,
    contr,
    prod,
    vfProd,
    isVfExpensive,
    init,
    over,
  });
}

function readFields(this: MultiTerm, read: ReadField): MultiTerm {
  const terms = this.terms.map((term) => term.readFields(read));
  return terms.every((term, i) => term === this.terms[i]) ? this : sumOf(terms);
}

function vf(
  this: MultiTerm,
  t: Scalar,
  y: Tree,
  args: unknown,
  changes?: StatePart,
): readonly Tree[] {
  return this.terms.map((term) => term.vf(t, y, args, changes));
}

function contr(this: MultiTerm, t0: Scalar, t1: Scalar, wanted?: ControlWanted): readonly Tree[] {
  return this.terms.map((term) => term.contr(t0, t1, wanted));
}

function prod(this: MultiTerm, fields: readonly Tree[], controls: readonly Tree[]): Tree {
  return total(this.terms.map((term, i) => term.prod(fields[i]!, controls[i]!)));
}

function vfProd(
  this: MultiTerm,
  t: Scalar,
  y: Tree,
  args: unknown,
  controls: readonly Tree[],
  changes?: StatePart,
): Tree {
  return total(this.terms.map((term, i) => term.vfProd(t, y, args, controls[i]!, changes)));
}

function isVfExpensive(this: MultiTerm, t0: Scalar, t1: Scalar, y: Tree, args: unknown): boolean {
  return this.terms.some((term) => term.isVfExpensive(t0, t1, y, args));
}

function init(this: MultiTerm, t0: Scalar): readonly Tree[] {
  return this.terms.map((term) => initTerm(term, t0));
}

function over(
  this: MultiTerm,
  states: readonly Tree[],
  t0: Scalar,
  t1: Scalar,
): TermStep<readonly Tree[], readonly Tree[], readonly Tree[]> {
  const steps = this.terms.map((term, i) => termOver(term, states[i]!, t0, t1));
  return {
    term: sumOf(steps.map(({ term }) => term)),
    state: steps.map(({ state }) => state),
    result: firstFailure(steps.map(({ result = null }) => result)),
  };
}

/** The sum of increments. */
function total(increments: readonly Tree[]): Tree {
  return increments.reduce((sum, increment) => treeMap((a, b) => add(a, b), sum, increment));
}
