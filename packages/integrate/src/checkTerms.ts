import {
  isList,
  isMultiTerm,
  type Solver,
  type Term,
  type TermKind,
  type Terms,
  type TermStructure,
  type TermSum,
} from "@diffrax-ts/protocol";
import { describeValue } from "@diffrax-ts/pytree";

/**
 * Holds the terms of a solve against what the solver wants, and the state against the terms.
 *
 * @throws TypeError that says what the solver takes, what it was given, and what to write.
 */
export function checkTerms({ kind, termStructure }: Solver, terms: Terms, y0: unknown): void {
  const takes = `${kind} takes ${wordsOf(termStructure)}`;
  if (!areWanted(termStructure, terms)) {
    throw new TypeError(
      `diffeqsolve: terms: ${takes}, got ${isList(terms) || isMultiTerm(terms) ? "" : "one of the kind "}${shownTerms(terms)}; ${wayOut(termStructure, terms)}`,
    );
  }
  if (!isSeveral(termStructure)) return;
  const { length } = termStructure;
  if (Array.isArray(y0) && y0.length === length) return;
  const parts = termStructure.map((_, i) => String.fromCodePoint(97 + i)).join(", ");
  throw new TypeError(
    `diffeqsolve: y0: ${takes}, each for a part of the state, so that y0 must be an array of ${length} parts, ` +
      `got ${describeValue(y0)}; write y0: [${length === 2 ? "q, p" : parts}]`,
  );
}

/**
 * Refuses to choose a first step for a controlled equation: the rule looks at derivatives with respect to time.
 *
 * @throws TypeError that says what to write.
 */
export function checkFirstStep(terms: Terms): void {
  const controlled = (isList(terms) ? terms : [terms])
    .map(controlledIn)
    .find((one) => one !== null);
  if (controlled === undefined) return;
  throw new TypeError(
    `diffeqsolve: dt0: null chooses a first step for ordinary differential equations, and one of the terms is of the kind ${controlled}; ` +
      "give a first step, for example dt0: 0.01",
  );
}

/** The kind of a term that something else than time drives; `null` if there is none. */
function controlledIn(term: Term): string | null {
  if (isMultiTerm(term)) return term.terms.map(controlledIn).find((one) => one !== null) ?? null;
  return term.kind !== "ODETerm" && "control" in term ? term.kind : null;
}

function isSeveral(structure: TermStructure): structure is readonly TermKind[] {
  return Array.isArray(structure);
}

function isSum(structure: TermStructure): structure is TermSum {
  return typeof structure === "object" && "sum" in structure;
}

function areWanted(structure: TermStructure, terms: Terms): boolean {
  const areAll = (kinds: readonly TermKind[], given: readonly Term[]): boolean =>
    kinds.length === given.length && kinds.every((kind, i) => isWanted(kind, given[i]!));
  if (isSeveral(structure)) return isList(terms) && areAll(structure, terms);
  if (isList(terms)) return false;
  return isSum(structure)
    ? isMultiTerm(terms) && areAll(structure.sum, terms.terms)
    : isWanted(structure, terms);
}

function isWanted(wanted: TermKind, { kind }: Term): boolean {
  return wanted === "term" || wanted.kind === undefined || wanted.kind === kind;
}

function wordsOf(structure: TermStructure): string {
  if (isSeveral(structure)) return `${structure.length} terms${inWords(structure)}`;
  if (isSum(structure)) return `a sum of ${structure.sum.length} terms${inWords(structure.sum)}`;
  return structure === "term" ? "one term" : words(structure);
}

/** What is known of several terms: nothing, if they are just any. */
function inWords(kinds: readonly TermKind[]): string {
  const isAny = kinds.every((kind) => words(kind) === "any term");
  return isAny ? "" : ` (${kinds.map(words).join(", ")})`;
}

function words(wanted: TermKind): string {
  const { name, kind } = wanted === "term" ? {} : wanted;
  if (kind === undefined) return name ?? "any term";
  return `${name === undefined ? "a term" : name} of the kind ${kind}`;
}

/** What to write for terms of a structure. */
function wayOut(structure: TermStructure, terms: Terms): string {
  if (isSeveral(structure)) {
    const functions = structure.map((wanted, i) => seeing(wanted, i)).filter((one) => one !== null);
    const of = functions.length === 0 ? "" : `, with ${functions.join(" and ")}`;
    return `write [${structure.map(written).join(", ")}]${of}`;
  }
  if (isSum(structure)) {
    const sum = `write MultiTerm(${structure.sum.map(written).join(", ")})`;
    return isDeprecatedPair(terms)
      ? `a drift and a diffusion as a pair are deprecated in Diffrax, and not followed here: ${sum}, or { drift, diffusion, control }`
      : sum;
  }
  return isList(terms)
    ? "add terms up with MultiTerm(…), or take a solver for several terms, such as StormerVerlet()"
    : `write ${written(structure)}`;
}

/** What Diffrax still takes for a sum: an `ODETerm` and another term. */
function isDeprecatedPair(terms: Terms): boolean {
  if (!isList(terms) || terms.length !== 2) return false;
  const [first, second] = terms;
  return first!.kind === "ODETerm" && second!.kind !== "ODETerm";
}

function written(wanted: TermKind): string {
  const { name, kind = "ODETerm" } = wanted === "term" ? {} : wanted;
  if (name === "diffusion") return "ControlTerm(diffusion, control)";
  return `${kind}(${name ?? (kind === "ODETerm" ? "f" : "…")})`;
}

/** The function of a term for part `i` of the state, if the solver says what it sees. */
function seeing(wanted: TermKind, i: number): string | null {
  if (wanted === "term" || wanted.sees === undefined) return null;
  return `${wanted.name ?? "f"}(t, y[${wanted.sees}], args) for the derivative of y[${i}]`;
}

function shownTerms(terms: Terms): string {
  if (isList(terms)) return `[${terms.map(shownTerms).join(", ")}]`;
  return isMultiTerm(terms) ? `MultiTerm(${terms.terms.map(shownTerms).join(", ")})` : terms.kind;
}
