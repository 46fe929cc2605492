import { describeValue, isMaker, isPart, isTensor, type Part } from "@diffrax-ts/pytree";
import type { Adjoint } from "./Adjoint.ts";
import type { Event } from "./Event.ts";
import { type LevyArea, levyAreas } from "./levyArea.ts";
import { isRecord, type Member, type Unchecked, wrongMember } from "./Member.ts";
import { type NoiseType, noiseTypes } from "./NoiseType.ts";
import type { Solver } from "./Solver.ts";
import type { StepSizeController } from "./StepSizeController.ts";
import type { Term } from "./Term.ts";
import type { TermWanted } from "./Terms.ts";

/** What a record is held against. */
interface Interface<Of extends Part> {
  /** What to write for something that is no such part. */
  readonly example: string;
  readonly members: Members<Of>;
  /** The record that was found to be right last, which most often is that of the next solve too; `null` for none. */
  latest: object | null;
}

/** The members of an interface, each with what it has to be: one that is left out does not compile. */
type Members<Of extends Part> = { readonly [Name in Exclude<keyof Of, keyof Part>]-?: Member };

const isFunction = (value: unknown): boolean => typeof value === "function";

const aFunction: Member = { words: "a function", isRight: isFunction };

const maybeFunction: Member = {
  words: "a function, or left out",
  isRight: (value) => value === undefined || isFunction(value),
};

const maybeInterpretation: Member = {
  words: '"ito" or "stratonovich", or left out',
  isRight: (value) => value === undefined || value === "ito" || value === "stratonovich",
};

const maybeLevyArea: Member = {
  words: '"BrownianIncrement", "SpaceTimeLevyArea" or "SpaceTimeTimeLevyArea", or left out',
  isRight: (value) => value === undefined || levyAreas.includes(value as LevyArea),
};

const maybeNoiseType: Member = {
  words: '"additive", "diagonal", "commutative" or "general", or left out',
  isRight: (value) => value === undefined || noiseTypes.includes(value as NoiseType),
};

const aTruthValue: Member = {
  words: "true or false",
  isRight: (value) => typeof value === "boolean",
};

const maybeTruth: Member = {
  words: "true or false",
  isRight: (value) => value === undefined || typeof value === "boolean",
};

const maybeTolerances: Member = {
  words: "{ rtol, atol, norm }, or null",
  isRight: (value) =>
    value === null ||
    (isRecord(value) &&
      isFunction(value["norm"]) &&
      [value["rtol"], value["atol"]].every((x) => typeof x === "number" || isTensor(x))),
};

const wanted: Readonly<Record<keyof TermWanted, (value: unknown) => boolean>> = {
  kind: (value) => typeof value === "string",
  name: (value) => typeof value === "string",
  sees: (value) => typeof value === "number" && Number.isInteger(value) && value >= 0,
  isNoise: (value) => value === false,
};
const isKind = (value: unknown): boolean => {
  if (value === "term") return true;
  if (!isRecord(value)) return false;
  const given = Object.entries(value);
  return given.length > 0 && given.every(([key, of]) => wanted[key as keyof TermWanted]?.(of));
};
const isListOfKinds = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(isKind);

const aStructure: Member = {
  words:
    '"term", { sum: ["term", "term"] } or ["term", "term"], with { kind, name, sees, isNoise } for a term of which more is wanted',
  isRight: (value) =>
    isKind(value) || isListOfKinds(value) || (isRecord(value) && isListOfKinds(value["sum"])),
};

const solvers: Interface<Solver> = {
  example: "Tsit5()",
  latest: null,
  members: {
    termStructure: aStructure,
    interpolation: aFunction,
    order: aFunction,
    strongOrder: aFunction,
    errorOrder: aFunction,
    func: aFunction,
    init: aFunction,
    step: aFunction,
    offset: maybeFunction,
    initAt: maybeFunction,
    isElementwise: maybeTruth,
    interpretation: maybeInterpretation,
    minimalLevyArea: maybeLevyArea,
    noiseType: maybeNoiseType,
  },
};

const controllers: Interface<StepSizeController> = {
  example: "PIDController({ rtol: 1e-6, atol: 1e-9 })",
  latest: null,
  members: {
    isAdaptive: aTruthValue,
    tolerances: maybeTolerances,
    isElementwise: maybeTruth,
    mayJump: aTruthValue,
    check: aFunction,
    wrap: aFunction,
    init: aFunction,
    resume: maybeFunction,
    afterCut: maybeFunction,
    adaptStepSize: aFunction,
  },
};

const adjoints: Interface<Adjoint> = {
  example: "RecursiveCheckpointAdjoint()",
  latest: null,
  members: { check: aFunction, loop: aFunction },
};

const events: Interface<Event> = {
  example: "Event({ condFn: (t, y, args) => condition })",
  latest: null,
  members: {
    mayCut: aTruthValue,
    isElementwise: maybeTruth,
    readFields: aFunction,
    init: aFunction,
    restart: maybeFunction,
    meet: aFunction,
    mask: aFunction,
    mayChange: maybeTruth,
    check: maybeFunction,
    endOfStep: maybeFunction,
    records: maybeTruth,
    recorded: maybeFunction,
  },
};

const terms: Interface<Term> = {
  example: "ODETerm(f)",
  latest: null,
  members: {
    isElementwise: maybeTruth,
    readFields: aFunction,
    vf: aFunction,
    contr: aFunction,
    prod: aFunction,
    vfProd: aFunction,
    isVfExpensive: aFunction,
    init: maybeFunction,
    over: maybeFunction,
    noiseType: maybeNoiseType,
  },
};

let isRemembering = false;

/**
 * Remembers what was found to be right until the running job ends, as reading a `WeakRef` would keep it too: a record may hold much,
 * such as a list of times. To make a `WeakRef` for each record, or to put all of them into a `WeakSet`, takes longer than to look at
 * them again.
 */
function remember(wanted: { latest: object | null }, value: object): void {
  wanted.latest = value;
  if (isRemembering) return;
  isRemembering = true;
  void Promise.resolve().then(forget);
}

function forget(): void {
  for (const wanted of [solvers, controllers, adjoints, events]) wanted.latest = null;
  isRemembering = false;
}

/** Holds a record against an interface. */
function checkPart<Of extends Part>(name: string, value: unknown, wanted: Interface<Of>): Of {
  const { example, members, latest } = wanted;
  if (value === latest && latest !== null) return latest as Of;
  if (isMaker(value)) {
    const call = example.startsWith(value.name) ? example : `${value.name}()`;
    throw new TypeError(`${name} is the function ${value.name}; call it: ${call}`);
  }
  if (!isPart(value)) {
    throw new TypeError(`${name} must be one such as ${example}, got ${describeValue(value)}`);
  }
  const wrong = wrongMember(value as unknown as Unchecked, value.kind, members);
  if (wrong !== null) throw new TypeError(`${name} must be one such as ${example}; ${wrong}`);
  remember(wanted, value);
  return value as Of;
}

/**
 * Holds a record against the interface of solvers.
 *
 * @param name - What it is called in errors, for example `diffeqsolve: solver`.
 * @throws TypeError that names the member that is missing or wrong; or that shows what a solver is, for something else.
 *
 * @example
 * ```ts
 * import { checkSolver } from "@diffrax-ts/protocol";
 * import { Euler } from "@diffrax-ts/solvers";
 *
 * checkSolver("Twice: solver", Euler()).kind;
 * // → "Euler"
 * ```
 */
export function checkSolver(name: string, value: unknown): Solver {
  return checkPart(name, value, solvers);
}

/** Holds a record against the interface of step size controllers, as `checkSolver` does for solvers. */
export function checkStepSizeController(name: string, value: unknown): StepSizeController {
  return checkPart(name, value, controllers);
}

/** Holds a record against the interface of adjoints, as `checkSolver` does for solvers. */
export function checkAdjoint(name: string, value: unknown): Adjoint {
  return checkPart(name, value, adjoints);
}

/** Holds a record against the interface of events, as `checkSolver` does for solvers. */
export function checkEvent(name: string, value: unknown): Event {
  return checkPart(name, value, events);
}

/** Holds a record against the interface of terms, as `checkSolver` does for solvers. */
export function checkTerm(name: string, value: unknown): Term {
  // Makers have names with a capital; any other function is one that a term is to be made of.
  if (typeof value === "function" && !/^\p{Lu}/u.test(value.name))
    throw new TypeError(`${name} is a function; write ODETerm(f), with the function for f`);
  const term = checkPart(name, value, terms);
  // A term may hold a network, and is seldom looked at twice.
  terms.latest = null;
  if ((term.init === undefined) === (term.over === undefined)) return term;
  const [has, lacks] = term.init === undefined ? ["over", "init"] : ["init", "over"];
  throw new TypeError(
    `${name}: ${term.kind} has the member ${has} and no member ${lacks}; a term with state has both`,
  );
}
