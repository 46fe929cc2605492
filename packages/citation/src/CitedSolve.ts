import type { RawOptions } from "@diffrax-ts/integrate";
import { isList, isMultiTerm, type Path, type Solver, type Terms } from "@diffrax-ts/protocol";

/** What rules are told of a solve: what `citation` was called with. What was left out is `undefined`. */
export interface CitedSolve extends Partial<RawOptions> {
  readonly terms?: Terms | undefined;
  readonly solver?: Solver | undefined;
}

/** Some paths that drive an equation: the controls of its terms. */
export interface Controls {
  /** Brownian motions. */
  readonly motions: readonly Path[];
  /** All others. */
  readonly others: readonly Path[];
}

/** The controls of terms, those of their summands and of what stands inside of others. */
export function controlsOf(terms: Terms | undefined): Controls {
  const all = pathsOf(terms);
  return {
    motions: all.filter(({ levyArea }) => levyArea !== undefined),
    others: all.filter(({ levyArea }) => levyArea === undefined),
  };
}

function pathsOf(terms: Terms | undefined): readonly Path[] {
  if (terms === undefined || typeof terms === "function") return [];
  if (isList(terms)) return terms.flatMap(pathsOf);
  if (isMultiTerm(terms)) return terms.terms.flatMap(pathsOf);
  // Of a term, of one round another, or of a record that stands for terms.
  const { control, term } = terms as { readonly control?: Path; readonly term?: Terms };
  return [...(control === undefined ? [] : [control]), ...pathsOf(term)];
}
