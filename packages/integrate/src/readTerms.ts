import {
  checkTerm,
  isTracedFunction,
  type ReadField,
  type ResultOfField,
  type Term,
  type Terms,
} from "@diffrax-ts/protocol";
import { type Callable, codeOf, describeValue, isPart } from "@diffrax-ts/pytree";
import { ODETerm } from "@diffrax-ts/terms";
import type { CalledInRun, Reader } from "./Reader.ts";
import { isTermsRecord, termsOfRecord } from "./termsOfRecord.ts";

/** Terms with functions that work on tensors. */
export interface ReadTerms {
  readonly terms: Terms;
  /** Their first function: the traces of solves are kept by it, so that they live as long as it does. */
  readonly field: Callable;
}

/** Stands for the field of a term that was given no function. */
const noField: Callable = () => undefined;

/** Stands for no reader among the readers. */
const noReader = {};

/** A vector field returns what the state is like: there is nothing to find out by a try. */
const fieldInRun: CalledInRun = { sample: null };

let ofFields: WeakMap<Callable, ReadTerms> | undefined;
let ofReaders: WeakMap<object, Record<"inRun" | "inTrace", WeakMap<object, ReadTerms>>> | undefined;

/**
 * The terms to solve: the same ones for the same function or record. A bare function is the vector field of an `ODETerm`.
 *
 * @param inRun - For a run at top level, which can be handed other functions than the next one.
 */
export function readTerms(given: unknown, reader: Reader | null, inRun = false): ReadTerms {
  return Array.isArray(given)
    ? ofList(given, reader, inRun)
    : readTerm("terms", given, reader, inRun);
}

/** @param name - What it is called in errors. */
function readTerm(name: string, given: unknown, reader: Reader | null, inRun: boolean): ReadTerms {
  const read = (f: Callable, result: ResultOfField = "state"): Callable =>
    readWith(reader, f, name, result, inRun ? fieldInRun : null);
  if (typeof given === "function") return ofField(read(given as Callable));
  if (isTermsRecord(given)) return readAnew(termsOfRecord(name, given), read);
  if (!isPart(given)) {
    const orList = name === "terms" ? ", or for a solver of several terms a list of these" : "";
    throw new TypeError(
      `diffeqsolve: ${name} must be a vector field (t, y, args) => dy/dt, a term such as ODETerm(f), or { drift, diffusion, control }${orList}, got ${describeValue(given)}`,
    );
  }
  if ("termStructure" in given) {
    throw new TypeError(
      `diffeqsolve: ${name} is the solver ${given.kind}; write diffeqsolve(terms, solver, options), with a vector field or a term first`,
    );
  }
  const ofTerms = readBy(reader, inRun);
  let known = ofTerms.get(given);
  if (known === undefined) {
    known = readAnew(checkTerm(`diffeqsolve: ${name}`, given), read);
    ofTerms.set(given, known);
  }
  return known;
}

/** A term with its functions read. */
function readAnew(term: Term, read: (f: Callable, result?: ResultOfField) => Callable): ReadTerms {
  let first: Callable | undefined;
  const reader: ReadField = <F extends Callable>(f: F, result?: ResultOfField) => {
    const field = read(f, result);
    first ??= field;
    return field as F; // the term has typed it as it is when it was read: a function on tensors
  };
  const terms = term.readFields(reader);
  return { terms, field: codeOf(first ?? noField) };
}

/** The terms that were read with a reader: without one, functions of numbers are refused, whoever has read them before. */
function readBy(reader: Reader | null, inRun: boolean): WeakMap<object, ReadTerms> {
  ofReaders ??= new WeakMap();
  const key = reader?.readField ?? noReader;
  let known = ofReaders.get(key);
  if (known === undefined)
    ofReaders.set(key, (known = { inRun: new WeakMap(), inTrace: new WeakMap() }));
  return inRun ? known.inRun : known.inTrace;
}

function ofField(field: Callable): ReadTerms {
  ofFields ??= new WeakMap();
  let known = ofFields.get(field);
  if (known === undefined) {
    known = { terms: ODETerm(field as () => never), field: codeOf(field) };
    ofFields.set(field, known);
  }
  return known;
}

/** Terms for parts of the state: a list is made anew so easily that only its items are remembered. */
function ofList(given: readonly unknown[], reader: Reader | null, inRun: boolean): ReadTerms {
  const all = given.map((one, i) => {
    if (!Array.isArray(one)) return readTerm(`terms[${i}]`, one, reader, inRun);
    throw new TypeError(
      `diffeqsolve: terms[${i}] is a list within the list of terms, which has one term for each part of the state; ` +
        "for a sum write MultiTerm(a, b)",
    );
  });
  return {
    terms: all.map(({ terms }) => terms as Term),
    field: all.find(({ field }) => field !== noField)?.field ?? noField,
  };
}

/** @param name - What the function is called in errors. */
export function readWith(
  reader: Reader | null,
  f: Callable,
  name: string,
  result: ResultOfField,
  run: CalledInRun | null,
): Callable {
  if (reader !== null) return reader.readField(f, result, run);
  if (isTracedFunction(f)) return f;
  throw new TypeError(
    `diffeqsolve: ${name}: functions of numbers are read by the diffeqsolve of @diffrax-ts/core; ` +
      "here write traced(f), with f a function of tensors",
  );
}
