import type {
  RawOptions,
  SaveDense,
  SaveOne,
  SaveSeveral,
  SolveOptions,
  TermsFor,
} from "@diffrax-ts/integrate";
import { checkSolver, type Solver, type TermStructure, type Tree } from "@diffrax-ts/protocol";
import { checkOptions, describeValue, isPart, type Plain } from "@diffrax-ts/pytree";
import type { Citation } from "./CitationRule.ts";
import { citationRules } from "./citationRules.ts";
import type { CitedSolve } from "./CitedSolve.ts";
import { bibtex, type Reference } from "./Reference.ts";

/** The signatures of `citation`: those of `diffeqsolve`, and one with any of its arguments left out. */
export interface Cite {
  /** With the arguments of `diffeqsolve`. */
  <
    const Y,
    const Subs,
    const Args = undefined,
    const Structure extends TermStructure = "term",
    Out = Plain<Y>,
  >(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args> & {
      readonly saveat?:
        | SaveSeveral<Subs>
        | SaveDense
        | SaveOne<Plain<NoInfer<Y>>, Plain<NoInfer<Args>>, Out>;
    },
  ): string;
  /** With some of them. */
  (terms?: object | null, solver?: Solver | null, options?: Partial<RawOptions>): string;
}

const optionNames: Readonly<Record<keyof RawOptions, true>> = {
  t0: true,
  t1: true,
  dt0: true,
  y0: true,
  args: true,
  saveat: true,
  stepsizeController: true,
  event: true,
  adjoint: true,
  progressMeter: true,
  maxSteps: true,
  throw: true,
  stats: true,
  solverState: true,
  controllerState: true,
  madeJump: true,
};

/**
 * The papers and books behind the methods of a solve, as BibTeX: printed with `console.log`, and returned. It takes the arguments of
 * `diffeqsolve`, or some of them, and solves nothing. Only what is given is cited: an adjoint that was left out is not.
 *
 * Each entry stands once, below the sentence that says what it is cited for. What it is cited for again is a sentence with its key.
 *
 * @throws TypeError for a solver where terms should stand, for options that `diffeqsolve` does not have, and inside `grad`, `jit` or
 * `vmap` for a controller whose coefficients are traced.
 *
 * @example
 * ```ts
 * import { citation } from "@diffrax-ts/citation";
 * import { Tsit5 } from "@diffrax-ts/solvers";
 *
 * const text = citation((t, y) => -y, Tsit5(), { t0: 0, t1: 1, dt0: null, y0: 1 });
 * text.includes("doi = {10.1016/j.camwa.2011.06.002}");
 * // → true
 * ```
 */
export const citation: Cite = (terms?: unknown, solver?: unknown, options?: unknown) => {
  const text = citationOf(solveFrom(terms, solver, options ?? {}));
  // oxlint-disable-next-line no-console -- to print is what it is for
  console.log(text);
  return text;
};

function solveFrom(terms: unknown, solver: unknown, options: Partial<RawOptions>): CitedSolve {
  const names = Object.keys(optionNames) as (keyof RawOptions)[];
  const read = checkOptions("citation: options", options, names);
  if (isPart(terms) && "termStructure" in terms) {
    throw new TypeError(
      `citation: terms is the solver ${terms.kind}; write citation(terms, solver, options), or citation(undefined, solver)`,
    );
  }
  const hasTerms = (terms ?? null) !== null;
  if (hasTerms && typeof terms !== "function" && !areTerms(terms)) {
    throw new TypeError(
      `citation: terms must be a vector field, a term or a list of terms, got ${describeValue(terms)}`,
    );
  }
  return {
    ...read,
    ...(hasTerms && typeof terms !== "function" ? { terms: terms as CitedSolve["terms"] } : {}),
    ...((solver ?? null) === null ? {} : { solver: checkSolver("citation: solver", solver) }),
  };
}

/** Whether something stands for terms: a part, a list, or a record with the members of a controlled equation. */
function areTerms(given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  return (
    isPart(given) ||
    Array.isArray(given) ||
    "drift" in given ||
    "diffusion" in given ||
    "control" in given
  );
}

/** The text for a solve, by all rules. */
function citationOf(solve: CitedSolve): string {
  const keys = new Set<string>();
  const pieces = citationRules.flatMap((rule) => {
    const cited = rule(solve) ?? [];
    if (typeof cited === "string") return [cited.trim()];
    return (Array.isArray(cited) ? cited : [cited]).map((one: Citation) => pieceOf(one, keys));
  });
  return [
    "% The publications behind the methods of this solve, found by citation(...) of @diffrax-ts/citation.",
    "% What it is a model of is not known to it, and yours to cite.",
    ...pieces,
  ].join("\n\n");
}

function pieceOf({ note, references }: Citation, keys: Set<string>): string {
  // A rule may name one publication twice, as a solver's own and as the source of its table.
  const each = [...new Map(references.map((reference) => [reference.key, reference])).values()];
  const again = each.filter(({ key }) => keys.has(key)).map(({ key }) => key);
  const fresh = each.filter(({ key }) => !keys.has(key));
  for (const { key } of fresh) keys.add(key);
  const named = again.length === 0 ? "" : ` ${again.join(", ")}`;
  const end = fresh.length === 0 ? "" : again.length === 0 ? ":" : " and:";
  return [
    `% ${note}${named}${end}`,
    ...fresh.map((reference: Reference) => bibtex(reference)),
  ].join("\n");
}
