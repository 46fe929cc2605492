import type { Solver } from "@diffrax-ts/protocol";
import { isFold, isSubSaveAt, type Subs } from "@diffrax-ts/saveat";
import type { Citation } from "./CitationRule.ts";
import type { CitedSolve } from "./CitedSolve.ts";
import type { Reference } from "./Reference.ts";
import { type ReferenceKey, references, referencesOf } from "./references.ts";

/** What has no table of coefficients, or one whose source does not name its publication by a number. */
const ofKind: Readonly<Record<string, readonly ReferenceKey[]>> = {
  LeapfrogMidpoint: ["shampine2009stability"],
  ReversibleHeun: ["kidger2021efficient"],
  StormerVerlet: ["verlet1967computer"],
  SEA: ["foster2024high"],
  ShARK: ["foster2024high"],
  GeneralShARK: ["foster2024high"],
  SlowRK: ["foster2024high"],
  SPaRK: ["foster2024convergence"],
  SRA1: ["rossler2010runge"],
};

/** What a solver has in common with its table of coefficients. */
interface WithTable {
  readonly tableau?: { readonly source?: unknown };
  readonly coefficients?: { readonly source?: unknown };
  /** Of Langevin dynamics, its coefficients and its step. */
  readonly method?: { readonly source?: unknown };
  /** That it stands round. */
  readonly solver?: Solver;
}

/** The publication that a solver comes from: that of its kind, and those that its table of coefficients claims as its source. */
export function citeSolver({ solver, saveat }: CitedSolve): readonly Citation[] {
  if (solver === undefined) return [];
  const { tableau, coefficients, method, solver: inner } = solver as WithTable;
  if (inner !== undefined) {
    return [
      {
        note: `${solver.kind} estimates errors by steps of half the length: Section II.4 of`,
        references: referencesOf("hairer1993solving"),
      },
      ...citeSolver({ solver: inner, ...(saveat === undefined ? {} : { saveat }) }),
    ];
  }
  const { source } = tableau ?? coefficients ?? method ?? {};
  const claimed = typeof source === "string" ? claimedBy(source, solver.kind) : [];
  const found = [...referencesOf(...(ofKind[solver.kind] ?? [])), ...claimed];
  const cited: Citation[] = [];
  if (found.length > 0) cited.push({ note: `${solver.kind} is from`, references: found });
  else if (typeof source === "string")
    cited.push({ note: `${solver.kind} has the coefficients of ${source}`, references: [] });
  if (solver.kind === "Dopri8" && isSavedBetween(saveat)) {
    cited.push({
      note: "Between the steps Dopri8 is interpolated as in",
      references: referencesOf("bogacki1990interpolating"),
    });
  }
  return cited;
}

/** What a source names by a DOI or a number of arXiv: an entry that is known, or one that holds the source itself. */
function claimedBy(source: string, kind: string): readonly Reference[] {
  const numbers = source.matchAll(/(?:doi:|doi\.org\/|arxiv:|arxiv\.org\/abs\/)\s*([^\s;,]+)/giu);
  return [...numbers].map(([whole, number], i) => {
    const id = number!.replace(/\.$/u, "");
    const found = (Object.keys(references) as ReferenceKey[]).find((key) => {
      const { doi, eprint } = references[key] as Partial<Reference>;
      return doi?.toLowerCase() === id.toLowerCase() || eprint === id;
    });
    if (found !== undefined) return referencesOf(found)[0]!;
    const isArxiv = /^arxiv/iu.test(whole);
    const key = `${kind}${i === 0 ? "" : i + 1}`;
    return isArxiv
      ? { key, type: "misc", note: source, eprint: id }
      : { key, type: "misc", note: source, doi: id };
  });
}

/** Whether something is saved at times between the ends of steps. */
function isSavedBetween(saveat: CitedSolve["saveat"]): boolean {
  if (saveat === undefined) return false;
  return saveat.dense === true || saveat.ts !== undefined || hasTimes(saveat.subs);
}

function hasTimes(subs: Subs | undefined): boolean {
  if (typeof subs !== "object") return false;
  if (isFold(subs)) return subs.at !== "steps";
  return isSubSaveAt(subs) ? subs.ts !== undefined : Object.values(subs).some(hasTimes);
}
