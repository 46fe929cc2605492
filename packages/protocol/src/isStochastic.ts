import type { LevyArea } from "./levyArea.ts";
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
function someControl(terms: Terms, isSuch: (path: Partial<Path>) => boolean): boolean {
  if (isList(terms)) return terms.some((term) => hasControl(term, isSuch));
  return hasControl(terms, isSuch);
}

/**
 * The terms that a Brownian motion drives, each with that motion: the summands of sums, and what others stand round.
 *
 * @example
 * ```ts
 * import { VirtualBrownianTree } from "@diffrax-ts/brownian";
 * import { noiseTerms } from "@diffrax-ts/protocol";
 * import { key } from "@diffrax-ts/random";
 * import { ControlTerm, MultiTerm, ODETerm } from "@diffrax-ts/terms";
 *
 * const motion = VirtualBrownianTree({ t0: 0, t1: 1, tol: 0.01, shape: [], key: key(0) });
 * const terms = MultiTerm(ODETerm((t: number, y: number) => -y), ControlTerm((t: number, y: number) => y, motion));
 * noiseTerms(terms).map(({ term, path }) => [term.kind, path.levyArea]);
 * // → [["ControlTerm", "BrownianIncrement"]]
 * ```
 */
export function noiseTerms(terms: Terms): readonly NoiseTerm[] {
  if (isList(terms)) return terms.flatMap(noiseTerms);
  if (isMultiTerm(terms)) return terms.terms.flatMap(noiseTerms);
  const { control, term: inner } = terms as Looked;
  if (control?.levyArea !== undefined) return [{ term: terms, path: control as BrownianMotion }];
  return inner === undefined ? [] : noiseTerms(inner);
}

/** A path that is a Brownian motion. */
type BrownianMotion = Path & { readonly levyArea: LevyArea };

/** A term that a Brownian motion drives. */
export interface NoiseTerm {
  readonly term: Term;
  readonly path: BrownianMotion;
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
