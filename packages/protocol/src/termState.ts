import type { Scalar } from "@diffrax-ts/pytree";
import { firstFailure, type TracedResult } from "./results.ts";
import type { Term, TermStep } from "./Term.ts";
import { isList, type Terms } from "./Terms.ts";
import type { Tree } from "./Tree.ts";

/** The state that a term carries from step to step, for a solve that starts at `t0`; `null` if it has none. */
export function initTerm(term: Term, t0: Scalar): Tree {
  return term.init?.(t0) ?? null;
}

/** A term over the step from `t0` to `t1`, and its state at the end; itself if it carries no state. */
export function termOver(term: Term, state: Tree, t0: Scalar, t1: Scalar): TermStep {
  return state === null || term.over === undefined
    ? { term, state: null }
    : term.over(state, t0, t1);
}

/** The states of terms: one, or a list. */
export function initTerms(terms: Terms, t0: Scalar): Tree {
  return isList(terms) ? terms.map((term) => initTerm(term, t0)) : initTerm(terms, t0);
}

/** Terms over a step. */
export interface TermsStep {
  readonly terms: Terms;
  /** Their states at the end. */
  readonly state: Tree;
  /** Why one of the controls is not good for the step; `null` if all are. */
  readonly result: TracedResult;
}

/** Terms over the step from `t0` to `t1`. */
export function termsOver(terms: Terms, state: Tree, t0: Scalar, t1: Scalar): TermsStep {
  if (!isList(terms)) {
    const { term, state: end, result = null } = termOver(terms, state, t0, t1);
    return { terms: term, state: end, result };
  }
  const made = terms.map((term, i) => termOver(term, (state as readonly Tree[])[i]!, t0, t1));
  return {
    terms: made.map(({ term }) => term),
    state: made.map((step) => step.state),
    result: firstFailure(made.map(({ result = null }) => result)),
  };
}
