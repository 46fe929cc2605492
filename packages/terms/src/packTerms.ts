import { callShared } from "@diffrax-ts/autodiff";
import { part, type Part, type Scalar } from "@diffrax-ts/pytree";
import {
  isList,
  isMultiTerm,
  type MultiTerm,
  packBy,
  type Packing,
  packingOf,
  type ReadField,
  type StatePart,
  type Term,
  termRound,
  type TermRound,
  type Terms,
  type Tree,
  unpackTree,
} from "@diffrax-ts/protocol";

/** What is round a term in a solve whose state has its leaves put together. */
interface Packed extends TermRound {
  /** How those are that it changes; `null`: as they are. */
  readonly packing: Packing | null;
}

/**
 * The terms of a solve for a state with its leaves put together: each takes such a state and gives such changes, and the functions of the
 * user see the tree that they were written for.
 *
 * @param y - The state, as `packTree` gives it; for a list of terms the list of its parts.
 */
export function packTerms(terms: Terms, y: Tree): Terms {
  return isList(terms)
    ? terms.map((term, i) => packTerm(term, packingOf((y as readonly Tree[])[i]!)))
    : packTerm(terms, packingOf(y));
}

function packTerm(term: Term, packing: Packing | null): Term {
  if (isMultiTerm(term)) {
    // A solver that wants a sum looks into it.
    const sum: MultiTerm = { ...term, terms: term.terms.map((one) => packTerm(one, packing)) };
    return sum;
  }
  return packedTerm(term, packing);
}

function packedTerm(term: Term, packing: Packing | null): Packed {
  const fields = { packing, readFields, vf, prod, vfProd, isVfExpensive };
  return { ...term, ...termRound(term.kind, term, fields) };
}

function readFields(this: Packed, read: ReadField): Packed {
  return packedTerm(this.term.readFields(read), this.packing);
}

/** Where a term is asked: a part, so that what is `fixed` in the arguments of the vector field stays so. */
interface Asked extends Part {
  readonly term: Term;
  readonly packing: Packing | null;
  readonly args: unknown;
}

function vf(this: Packed, t: Scalar, y: Tree, args: unknown, changes?: StatePart): Tree {
  const { term, packing } = this;
  const asked = part("packedTerm", { term, packing, args });
  // What is no change of the state stays as it is.
  const ask = term.isElementwise === true ? slopeOf : fieldOf;
  return callShared(ask, [asked, t, y, changes ?? null], "vector field") as Tree;
}

function vfProd(
  this: Packed,
  t: Scalar,
  y: Tree,
  args: unknown,
  control: Tree,
  changes?: StatePart,
): Tree {
  const { term, packing } = this;
  if (term.isElementwise === true) return this.prod(this.vf(t, y, args, changes), control);
  const asked = part("packedTerm", { term, packing, args });
  return callShared(incrementOf, [asked, t, y, control, changes ?? null], "vector field") as Tree;
}

function prod(this: Packed, field: Tree, control: Tree): Tree {
  const { term, packing } = this;
  return packBy(packing, term.prod(field, control));
}

function isVfExpensive(this: Packed, t0: Scalar, t1: Scalar, y: Tree, args: unknown): boolean {
  return this.term.isVfExpensive(t0, t1, unpackTree(y), args);
}

function fieldOf({ term, args }: Asked, t: Scalar, y: Tree, changes: StatePart | null): Tree {
  return term.vf(t, unpackTree(y), args, unpackedPart(changes));
}

function slopeOf(asked: Asked, t: Scalar, y: Tree, changes: StatePart | null): Tree {
  return packBy(asked.packing, fieldOf(asked, t, y, changes));
}

function incrementOf(
  { term, packing, args }: Asked,
  t: Scalar,
  y: Tree,
  control: Tree,
  changes: StatePart | null,
): Tree {
  const increment = term.vfProd(t, unpackTree(y), args, control, unpackedPart(changes));
  return packBy(packing, increment);
}

function unpackedPart(changes: StatePart | null): StatePart | undefined {
  return changes === null ? undefined : { ...changes, y: unpackTree(changes.y) };
}
