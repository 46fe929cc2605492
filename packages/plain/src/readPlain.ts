import { KeptMap } from "@diffrax-ts/program";
import { type Callable, isTracedFunction } from "@diffrax-ts/pytree";
import { freeName } from "./freeName.ts";
import { interpret } from "./interpret.ts";
import { marked, markRead } from "./marks.ts";
import { checkReturn } from "./parse/checkReturn.ts";
import { buildHelper } from "./parse/buildHelper.ts";
import { keyOf } from "./parse/keyOf.ts";
import { parseFunction } from "./parse/parseFunction.ts";
import type { Unit } from "./parse/Unit.ts";
import { errorAt } from "./errorAt.ts";
import { PlainError } from "./PlainError.ts";
import { withLists } from "./turns/Rows.ts";

/** A function that works on tensors, or why a plain one could not be read. */
export type Reading =
  | { readonly read: Callable; readonly error?: never }
  | { readonly read?: never; readonly error: PlainError };

/** What a reading takes without its syntax tree, which others keep too. */
const readingBytes = 1000;

let readings: KeptMap<Reading> | undefined;

/**
 * Reads a plain function, if it uses nothing from outside. One that works on tensors is given back.
 *
 * The same name and source give the very same function, so what was traced and compiled for it is found again.
 */
export function readPlain(f: Callable): Reading {
  if (isTracedFunction(f)) return { read: f };
  readings ??= new KeptMap();
  const key = keyOf(f);
  let reading = readings.get(key);
  if (reading === undefined) readings.set(key, (reading = attempt(f)), readingBytes);
  return reading;
}

function attempt(f: Callable): Reading {
  try {
    return { read: reader(f) };
  } catch (error) {
    if (error instanceof PlainError) return { error };
    throw error;
  }
}

/** A function that runs a plain one on traced values. */
function reader(f: Callable): Callable {
  const unit = parsedWith(f, {});
  const raw = (...args: readonly unknown[]): unknown => interpret(unit, {}, args);
  const read = (...args: readonly unknown[]): unknown => withLists(raw(...args));
  return markRead(marked(read, f, true), raw);
}

/** A function that was parsed, and to which all that it uses from outside is known. @throws PlainError otherwise, or if it returns nothing. */
export function parsedWith(f: Callable, known: Readonly<Record<string, unknown>>): Unit {
  const unit = parseFunction(f);
  checkReturn(unit);
  const missing = unit.free.find(({ name }) => !Object.hasOwn(known, name));
  if (missing === undefined) return unit;
  throw errorAt(unit, missing, ...(buildHelper(unit, missing) ?? freeName(missing.name)));
}
