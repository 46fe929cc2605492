import type { CitedSolve } from "./CitedSolve.ts";
import type { Reference } from "./Reference.ts";

/** Why something is cited, and what: a sentence that ends before the entries. */
export interface Citation {
  /** Such as `"The first step is chosen as in Section II.4 of"`. */
  readonly note: string;
  readonly references: readonly Reference[];
}

/** What a solve has to cite by one rule; `null` for nothing. A text is taken as it is. */
export type CitationRule = (
  solve: CitedSolve,
) => Citation | readonly Citation[] | string | null | undefined;
