/** A publication: an entry of BibTeX. Texts are in LaTeX. */
export interface Reference {
  /** By which it is cited: `\cite{tsitouras2011runge}`. */
  readonly key: string;
  readonly type: "article" | "book" | "inproceedings" | "misc" | "phdthesis";
  readonly author?: string;
  readonly title?: string;
  readonly year?: number;
  readonly journal?: string;
  readonly booktitle?: string;
  readonly volume?: string;
  readonly number?: string;
  readonly pages?: string;
  readonly edition?: string;
  readonly series?: string;
  readonly publisher?: string;
  readonly school?: string;
  readonly doi?: string;
  /** Of arXiv: its number there. */
  readonly eprint?: string;
  readonly note?: string;
}

/**
 * An entry as BibTeX takes it.
 *
 * @example
 * ```ts
 * import { bibtex } from "@diffrax-ts/citation";
 *
 * bibtex({ key: "kutta1901", type: "misc", author: "Kutta, W.", title: "Beitrag", year: 1901 }).split("\n");
 * // → ["@misc{kutta1901,", "  author = {Kutta, W.},", "  title = {Beitrag},", "  year = {1901},", "}"]
 * ```
 */
export function bibtex({ key, type, ...fields }: Reference): string {
  const all = fields.eprint === undefined ? fields : { ...fields, archiveprefix: "arXiv" };
  const lines = Object.entries(all).map(([name, value]) => `  ${name} = {${value}},`);
  return [`@${type}{${key},`, ...lines, "}"].join("\n");
}
