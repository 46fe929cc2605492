import {
  type NoiseClaim,
  type NoiseStart,
  type NoiseType,
  type Term,
  warnOnce,
} from "@diffrax-ts/protocol";
import { type Callable, writtenOf } from "@diffrax-ts/pytree";
import { noiseErrors, type NoiseErrors } from "./noiseErrors.ts";

/** Above this a part of a number is more than rounding. */
const rounding = { float64: 1e-6, float32: 0.02 } as const;

/** What was found of a diffusion at the start of the first solve with it. */
let found: WeakMap<object, NoiseErrors | null> | undefined;

/** How many functions of one source were looked at. One that is made anew at each call is looked at a few times. */
let looked: Map<string, number> | undefined;
const mostOfSource = 4;

/**
 * Holds what is claimed of the noise of a term, or what its solver is made for, against the derivatives of its diffusion at the start of the
 * first solve with it.
 *
 * @throws TypeError for a diffusion that depends on the state with a solver for additive noise.
 */
export function checkNoise({ term, solver, wanted, start }: NoiseClaim): void {
  const { noiseType: claimed } = term;
  const named = claimed ?? wanted;
  if (named === "general") return;
  const errors = errorsOf(term, start);
  if (errors === null || !(errors[named] > rounding[start.dtype])) return;
  if (claimed === undefined) refuseNoise(solver, term, wanted);
  else warnOfClaim(term, claimed);
}

/** Noise that a solver is not made for: it would go wrong with what depends on the state, and only be of less order with the rest. */
function refuseNoise(kind: string, term: Term, wanted: NoiseType): void {
  if (wanted === "additive") {
    throw new TypeError(
      `diffeqsolve: terms: ${kind} is made for additive noise, and the diffusion changes with y; take a solver for other noise`,
    );
  }
  warnOnce(
    `noise ${kind} ${sourceOf(term)}`,
    `diffeqsolve: terms: ${kind} is made for ${wanted} noise, and at t0 and y0 the noise is not ${wanted}: ${meaning[wanted]}. It converges ` +
      "with a lower order then; take a solver for general noise",
  );
}

const meaning: Readonly<Record<NoiseType, string>> = {
  additive: "the diffusion changes with y",
  diagonal:
    "a component of the noise moves another component of the state, or what it moves depends on another one",
  commutative:
    "for some columns g₁ and g₂ of the diffusion (∂g₁/∂y) g₂ and (∂g₂/∂y) g₁ are not the same",
  general: "",
};

function warnOfClaim(term: Term, claimed: NoiseType): void {
  warnOnce(
    `claim ${claimed} ${sourceOf(term)}`,
    `diffeqsolve: terms: the noiseType of a ${term.kind} is "${claimed}", and at t0 and y0 it is not: ${meaning[claimed]}. Solvers that believe ` +
      'it give wrong solutions; claim another one, or "general"',
  );
}

/** A term of a function. */
interface Fielded {
  readonly vectorField?: Callable;
}

/** What a diffusion is known by: a function that is made anew is the same one. */
function sourceOf(term: Term): string {
  const { vectorField } = term as Fielded;
  return vectorField === undefined ? term.kind : String(writtenOf(vectorField));
}

/** For each diffusion once; `null` for one that is wrong: the solve says what is. */
function errorsOf(term: Term, start: NoiseStart): NoiseErrors | null {
  found ??= new WeakMap();
  const { vectorField = term } = term as Fielded;
  let errors = found.get(vectorField);
  if (errors === undefined) {
    const source = sourceOf(term);
    const count = (looked ??= new Map()).get(source) ?? 0;
    if (count >= mostOfSource) return null;
    looked.set(source, count + 1);
    try {
      const { t0, y0, args, inDType } = start;
      errors = noiseErrors(inDType(term) as Term, { t0: inDType(t0), y0, args });
    } catch {
      errors = null;
    }
    found.set(vectorField, errors);
  }
  return errors;
}
