/**
 * The publications behind the methods of a solve, as BibTeX.
 *
 * @packageDocumentation
 */
export { citation, type Cite } from "./citation.ts";
export type { Citation, CitationRule } from "./CitationRule.ts";
export { citationRules } from "./citationRules.ts";
export type { CitedSolve } from "./CitedSolve.ts";
export { bibtex, type Reference } from "./Reference.ts";
