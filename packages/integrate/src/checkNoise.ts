import {
  hasLevyArea,
  isNoise,
  type MultiTerm,
  type NoiseStart,
  type NoiseTerm,
  noiseTerms,
  type Solver,
  type Terms,
  warnOnce,
} from "@diffrax-ts/protocol";
import { isTraced } from "@diffrax-ts/program";
import { isTensor } from "@diffrax-ts/pytree";

/** What is known of the steps of a solve. */
export interface NoiseSteps {
  readonly isAdaptive: boolean;
  /** Whether an event cuts steps, and the solve goes on with what is left of them. */
  readonly areCut: boolean;
  /** The length of the first; `null` where it is not known. */
  readonly step: number | null;
  /** The interval; `null` for an end that is not known. */
  readonly t0: number | null;
  readonly t1: number | null;
  readonly dtype: "float64" | "float32";
  /** `null` where it is not known, inside of a traced function: then claims are believed. */
  readonly start: NoiseStart | null;
}

/**
 * Holds the Brownian motions of a solve against its solver and its steps.
 *
 * @throws TypeError that says what the solver takes, what it was given, and what to write.
 */
export function checkNoise(solver: Solver, terms: Terms, steps: NoiseSteps): void {
  const { minimalLevyArea } = solver;
  const noise = noiseOf(terms);
  if (noise.length === 0) {
    if (minimalLevyArea !== undefined) refuseWithoutMotion(solver);
    return;
  }
  const { isAdaptive, areCut, step, start } = steps;
  checkPlaces(solver, terms);
  checkLevyAreas(solver, noise);
  checkNoiseTypes(solver, noise, start);
  checkRange(noise, steps);
  if (solver.interpretation === undefined) {
    warnOnce(
      `interpretation ${solver.kind}`,
      `diffeqsolve: solver: ${solver.kind} does not say whether it converges to the Itô or to the Stratonovich solution of a stochastic ` +
        "equation, and may converge to neither; take one that does, such as Euler() for Itô or Heun() for Stratonovich",
    );
  }
  if (isAdaptive) checkAdaptive(solver, noise);
  else if (areCut) checkTakenOnce(noise, "event: steps that an event cuts");
  if (!isAdaptive && step !== null) checkLength(solver, noise, step);
  warnOfSharedKeys(noise);
}

let known: WeakMap<Terms, readonly NoiseTerm[]> | undefined;

/** The terms with Brownian motions, which for the same terms are the same. */
function noiseOf(terms: Terms): readonly NoiseTerm[] {
  known ??= new WeakMap();
  let noise = known.get(terms);
  if (noise === undefined) known.set(terms, (noise = noiseTerms(terms)));
  return noise;
}

function refuseWithoutMotion({ kind, minimalLevyArea }: Solver): never {
  throw new TypeError(
    `diffeqsolve: terms: ${kind} needs the ${minimalLevyArea} of a Brownian motion, and no term has one as its control; ` +
      `write ControlTerm(f, VirtualBrownianTree({ …, levyArea: "${minimalLevyArea}" })), or take a solver for other controls, such as Heun()`,
  );
}

/** Terms in another order would be solved for something else, as their increments are numbers of the same shape. */
function checkPlaces({ kind, termStructure }: Solver, terms: Terms): void {
  if (typeof termStructure === "string" || !("sum" in termStructure)) return;
  const { sum } = termStructure;
  const names = sum.map((one, i) => (one === "term" ? undefined : one.name) ?? `term ${i}`);
  for (const [i, one] of sum.entries()) {
    if (one === "term" || one.isNoise !== false) continue;
    const [noisy] = noiseTerms((terms as MultiTerm).terms[i]!);
    if (noisy === undefined) continue;
    throw new TypeError(
      `diffeqsolve: terms: ${kind} takes MultiTerm(${names.join(", ")}) in this order, and the ${names[i]} has a ${noisy.path.kind} as its ` +
        "control; write MultiTerm(ODETerm(drift), ControlTerm(diffusion, control)), and add several noises up in one ControlTerm, with a matrix",
    );
  }
}

function checkLevyAreas({ kind, minimalLevyArea }: Solver, noise: readonly NoiseTerm[]): void {
  if (minimalLevyArea === undefined) return;
  for (const { path } of noise) {
    if (hasLevyArea(path.levyArea, minimalLevyArea)) continue;
    throw new TypeError(
      `diffeqsolve: terms: ${kind} needs a Brownian motion with levyArea: "${minimalLevyArea}" at least, got ${path.kind} with ` +
        `"${path.levyArea}"; write ${path.kind}({ …, levyArea: "${minimalLevyArea}" }), which has other numbers for the same key`,
    );
  }
}

/** Holds the kinds of noise that are claimed against the one that the solver is made for, and both against the diffusion, as the motions do. */
function checkNoiseTypes(
  { kind, noiseType: wanted = "general" }: Solver,
  noise: readonly NoiseTerm[],
  start: NoiseStart | null,
): void {
  for (const { term, path } of noise) {
    const { noiseType: claimed } = term;
    if (claimed !== undefined && !isNoise(claimed, wanted)) {
      throw new TypeError(
        `diffeqsolve: terms: ${kind} is made for ${wanted} noise, and the noiseType of a ${term.kind} is "${claimed}"; take a solver for ` +
          `${claimed} noise`,
      );
    }
    if (start !== null) path.checkNoise?.({ term, solver: kind, wanted, start });
  }
}

/** Steps that were rejected are made again, shorter: the motion has to know them again, and the solver to be unbiased. */
function checkAdaptive(solver: Solver, noise: readonly NoiseTerm[]): void {
  checkTakenOnce(noise, "stepsizeController: adaptive steps", ", or constant steps");
  if (!isEuler(solver)) return;
  throw new TypeError(
    `diffeqsolve: stepsizeController: adaptive steps with ${solver.kind === "Euler" ? "Euler()" : `${solver.kind}(Euler())`} may converge to something else than the solution of a ` +
      "stochastic equation; take constant steps, or another solver: HalfSolver(ItoMilstein()) for Itô, Heun() for Stratonovich",
  );
}

function checkTakenOnce(noise: readonly NoiseTerm[], steps: string, orElse = ""): void {
  const unsafe = noise.find(({ path }) => path.isTakenOnce === true);
  if (unsafe === undefined) return;
  const { kind } = unsafe.path;
  throw new TypeError(
    `diffeqsolve: ${steps} cannot be taken with ${/^[AEIOU]/u.test(kind) ? "an" : "a"} ${kind}, whose increments have nothing to do ` +
      `with one another when a step is made again with another length; take VirtualBrownianTree(…)${orElse}`,
  );
}

function checkRange(
  noise: readonly NoiseTerm[],
  { t0, t1, dtype }: Pick<NoiseSteps, "t0" | "t1" | "dtype">,
): void {
  const round = dtype === "float32" ? Math.fround : (x: number): number => x;
  for (const { path } of noise) {
    const { t0: first, t1: last, kind } = path;
    if (typeof first !== "number" || typeof last !== "number") continue;
    for (const [name, t] of Object.entries({ t0, t1 })) {
      if (t === null || (t >= round(first) && t <= round(last))) continue;
      throw new RangeError(
        `diffeqsolve: ${name} = ${t} is outside of the range of the ${kind}, [${first}, ${last}]; make it wider`,
      );
    }
  }
}

function checkLength({ kind }: Solver, noise: readonly NoiseTerm[], step: number): void {
  // It also asks for the middles of its steps.
  const length = Math.abs(step) / (kind === "HalfSolver" ? 2 : 1);
  for (const { path } of noise) {
    const { kind: name, minStep = 0 } = path;
    if (length >= minStep) continue;
    throw new RangeError(
      `diffeqsolve: dt0: ${length === Math.abs(step) ? "steps" : "the half steps of HalfSolver"} of ${length} are shorter than the tol of a ${name}, ${minStep}, ` +
        "within which its increments do not have the law of a Brownian motion; give it a smaller tol, such as dt0 / 2",
    );
  }
}

/** By name, as no solver can say it: with others whose errors are estimated by halves adaptive steps do converge. */
function isEuler(solver: Solver & { readonly solver?: Solver }): boolean {
  return solver.kind === "Euler" || (solver.solver !== undefined && isEuler(solver.solver));
}

/** What paths are made of, where it is known which. */
interface Keyed {
  readonly key?: unknown;
  readonly keys?: unknown;
}

function warnOfSharedKeys(noise: readonly NoiseTerm[]): void {
  if (noise.length < 2) return;
  const seen = new Set<string>();
  for (const { path } of noise) {
    const { key, keys = key } = path as Keyed;
    if (!isTensor(keys) || isTraced(keys)) continue;
    const name = `${path.kind} ${JSON.stringify(keys)}`;
    if (!seen.has(name)) {
      seen.add(name);
      continue;
    }
    warnOnce(
      "shared key",
      `diffeqsolve: terms: two terms have a ${path.kind} of the same key, so that their noise is the same; for independent noise give each a key ` +
        "of its own: const [a, b] = splitList(key)",
    );
  }
}
