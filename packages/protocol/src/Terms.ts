import type { MultiTerm, Term } from "./Term.ts";

declare const termType: unique symbol;

/**
 * Asks for a term of one kind, for a solver that reads more of it than its vector field and its control. A solver whose
 * `termStructure` is of type `KindOf<LangevinDrift>`, and at run time `{ kind: "LangevinDrift" }`, receives a `LangevinDrift`.
 */
export interface KindOf<T extends Term = Term> {
  readonly kind: T["kind"];
  /** For the type checker alone. */
  readonly [termType]?: () => T;
}

/** What a solver asks of one term: `"term"` for any, or one of a kind. */
export type TermKind = "term" | KindOf;

/**
 * The terms that a solver wants: one (`"term"`), a sum (`{ sum: ["term", "term"] }`), such as an explicit and an implicit part, or
 * several that act on parts of the state (`["term", "term"]`), such as position and momentum.
 */
export type TermStructure = TermKind | TermSum | readonly TermKind[];

/** A `MultiTerm` of so many terms. */
export interface TermSum<Of extends readonly TermKind[] = readonly TermKind[]> {
  readonly sum: Of;
}

/** What a solver receives for one item of its `termStructure`. */
export type TermOf<K> = K extends {
  readonly kind: infer Kind;
  readonly [termType]?: () => infer T;
}
  ? T extends Term
    ? T & { readonly kind: Kind }
    : Term & { readonly kind: Kind }
  : Term;

/** What a solver receives for its `termStructure`: one level deep, as deeper ones are too much for the compiler. */
export type TermsOf<S> = S extends { readonly sum: infer Of extends readonly TermKind[] }
  ? MultiTerm<{ readonly [I in keyof Of]: TermOf<Of[I]> }>
  : S extends readonly TermKind[]
    ? { readonly [I in keyof S]: TermOf<S[I]> }
    : TermOf<S>;

/** What a solve is given: one term, perhaps a sum, or one for each part of the state. */
export type Terms = Term | readonly Term[];

/** What `f` makes of each of the terms. A sum is one term. */
export function mapTerms(f: (term: Term) => Term, terms: Terms): Terms {
  return isList(terms) ? terms.map(f) : f(terms);
}

/** Whether there are several terms, for parts of the state. */
export function isList(terms: Terms): terms is readonly Term[] {
  return Array.isArray(terms);
}

/** Whether a term is a sum of terms. */
export function isMultiTerm(term: Term): term is MultiTerm {
  return term.kind === "MultiTerm";
}
