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
  return someControl(terms, ({ levyArea }) => levyArea !== undefined);
}

/** Whether a path that is among the controls of terms is such a one. */
export function someControl(terms: Terms, isSuch: (path: Partial<Path>) => boolean): boolean {
  if (isList(terms)) return terms.some((term) => hasControl(term, isSuch));
  return hasControl(terms, isSuch);
}

/** What terms may have beside their interface: a path as the control, or another term that they stand round. */
type Looked = Partial<TermRound> & { readonly control?: Partial<Path> };

function hasControl(term: Term, isSuch: (path: Partial<Path>) => boolean): boolean {
  if (isMultiTerm(term)) return term.terms.some((one) => hasControl(one, isSuch));
  const { control, term: inner } = term as Looked;
  return (
    (control !== undefined && isSuch(control)) || (inner !== undefined && hasControl(inner, isSuch))
  );
}
