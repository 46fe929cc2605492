import type { Path } from "./Path.ts";
import type { Term } from "./Term.ts";
import { isList, isMultiTerm, type Terms } from "./Terms.ts";
import type { TermRound } from "./termRound.ts";

/**
 * Whether a Brownian motion is among the controls of terms: whether the equation is a stochastic one.
 *
 * @example
 * ```ts
 * import { isStochastic } from "@diffrax-ts/protocol";
 * import { ODETerm } from "@diffrax-ts/terms";
 *
 * isStochastic(ODETerm((t: number, y: number) => -y));
 * // → false
 * ```
 */
export function isStochastic(terms: Terms): boolean {
  if (isList(terms)) return terms.some((term) => isNoisy(term));
  return isNoisy(terms);
}

/** What terms may have beside their interface: a path as the control, or another term that they stand round. */
type Looked = Partial<TermRound> & { readonly control?: Partial<Path> };

function isNoisy(term: Term): boolean {
  if (isMultiTerm(term)) return term.terms.some((one) => isNoisy(one));
  const { control, term: inner } = term as Looked;
  return control?.levyArea !== undefined || (inner !== undefined && isNoisy(inner));
}
