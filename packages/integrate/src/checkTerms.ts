import {
  isList,
  isMultiTerm,
  type Solver,
  type Term,
  type TermKind,
  type Terms,
  type TermStructure,
} from "@diffrax-ts/protocol";

/**
 * Holds the terms of a solve against what the solver wants.
 *
 * @throws TypeError that says what the solver takes, what it was given, and what to write.
 */
export function checkTerms({ kind, termStructure }: Solver, terms: Terms): void {
  if (areWanted(termStructure, terms)) return;
  const way =
    isList(terms) && isSingle(termStructure)
      ? "add terms up with MultiTerm(…), or take a solver for several terms"
      : `write ${writingOf(termStructure)}`;
  throw new TypeError(
    `diffeqsolve: terms: ${kind} takes ${wordsOf(termStructure)}, got ${shownTerms(terms)}; ${way}`,
  );
}

function isSingle(structure: TermStructure): structure is TermKind {
  return structure === "term" || "kind" in structure;
}

function areWanted(structure: TermStructure, terms: Terms): boolean {
  const areAll = (kinds: readonly TermKind[], given: readonly Term[]): boolean =>
    kinds.length === given.length && kinds.every((kind, i) => isWanted(kind, given[i]!));
  if (isSingle(structure)) return !isList(terms) && isWanted(structure, terms);
  return "sum" in structure
    ? !isList(terms) && isMultiTerm(terms) && areAll(structure.sum, terms.terms)
    : isList(terms) && areAll(structure, terms);
}

function isWanted(wanted: TermKind, { kind }: Term): boolean {
  return wanted === "term" || wanted.kind === kind;
}

function wordsOf(structure: TermStructure): string {
  const words = (kind: TermKind): string =>
    kind === "term" ? "any term" : `a term of the kind ${kind.kind}`;
  const list = (kinds: readonly TermKind[]): string =>
    kinds.every((kind) => kind === "term")
      ? `${kinds.length} terms`
      : `${kinds.length} terms (${kinds.map(words).join(", ")})`;
  if (isSingle(structure)) return structure === "term" ? "one term" : words(structure);
  return "sum" in structure ? `a sum of ${list(structure.sum)}` : list(structure);
}

/** What to write for terms of a structure. */
function writingOf(structure: TermStructure): string {
  const written = (kind: TermKind): string => (kind === "term" ? "ODETerm(f)" : `${kind.kind}(…)`);
  if (isSingle(structure)) return written(structure);
  return "sum" in structure
    ? `MultiTerm(${structure.sum.map(written).join(", ")})`
    : `[${structure.map(written).join(", ")}]`;
}

function shownTerms(terms: Terms): string {
  if (isList(terms)) return `[${terms.map(shownTerms).join(", ")}]`;
  return isMultiTerm(terms)
    ? `MultiTerm(${terms.terms.map(shownTerms).join(", ")})`
    : `one of the kind ${terms.kind}`;
}
