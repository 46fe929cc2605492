import type { MultiTerm, Term } from "./Term.ts";

declare const termType: unique symbol;

/** What a solver asks of a term. */
export interface TermWanted {
  /** What the term is called in errors, and in what they say to write: `"velocity"`. */
  readonly name?: string;
  /** The kind that it has to have. @defaultValue any */
  readonly kind?: string;
  /**
   * For one of several terms: the part of the state that it is given. Term `i` gives the change of part `i`, whichever it sees. Bare
   * functions get the types of their parameters from it. @defaultValue not said: the parameters of functions have to be annotated
   */
  readonly sees?: number;
  /** `false` for one of several terms that no Brownian motion may drive, such as a drift. @defaultValue either is taken */
  readonly isNoise?: false;
}

/**
 * Asks for a term of one kind, for a solver that reads more of it than its vector field and its control. A solver whose
 * `termStructure` is of type `KindOf<LangevinDrift>`, and at run time `{ kind: "LangevinDrift" }`, receives a `LangevinDrift`.
 */
export interface KindOf<T extends Term = Term> extends TermWanted {
  readonly kind: T["kind"];
  /** For the type checker alone. */
  readonly [termType]?: () => T;
}

/** One term that a solver wants: `"term"` for any, or what it asks of it. */
export type TermKind = "term" | TermWanted;

/**
 * The terms that a solver wants: one (`"term"`), a sum (`{ sum: ["term", "term"] }`), such as an explicit and an implicit part, or
 * a list, with one term for the change of each part of the state (`["term", "term"]`), such as position and momentum.
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
