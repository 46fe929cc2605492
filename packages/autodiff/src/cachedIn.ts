import { type Program, traceContext } from "@diffrax-ts/program";

/** What was made of programs, as long as these are there. */
export type ProgramCache<T> = WeakMap<Program, Map<string, T>>;

/**
 * Keys may hold what a program is used with, the length of a batch for example, of which there is no end: a program that lives as
 * long as its function must not collect all of them.
 */
const mostKept = 32;

/** What was made of a program before, or is made now. Of each program the last few are kept, the oldest dropped first. */
export function cachedIn<T>(
  cache: ProgramCache<T>,
  program: Program,
  key: string,
  make: () => T,
): T {
  const { differences } = traceContext();
  if (differences === undefined) return lookUp(cache, program, key, make);
  const { value, used } = lookUp(withDifferencesOf(cache), program, key, () => noting(make));
  differences.used ||= used;
  return value;
}

function lookUp<T>(cache: ProgramCache<T>, program: Program, key: string, make: () => T): T {
  let known = cache.get(program);
  if (known === undefined) cache.set(program, (known = new Map()));
  let result = known.get(key);
  if (result === undefined) {
    result = make();
    if (known.size >= mostKept) known.delete(known.keys().next().value!);
    known.set(key, result);
  }
  return result;
}

/** What was made where derivatives may go through call-backs, and whether one did: it is not for others. */
interface Noted<T> {
  readonly value: T;
  readonly used: boolean;
}

let others: WeakMap<object, ProgramCache<Noted<unknown>>> | undefined;

/** The cache that takes the place of another where derivatives go through call-backs. */
function withDifferencesOf<T>(cache: ProgramCache<T>): ProgramCache<Noted<T>> {
  others ??= new WeakMap();
  let other = others.get(cache);
  if (other === undefined) others.set(cache, (other = new WeakMap()));
  return other as ProgramCache<Noted<T>>;
}

function noting<T>(make: () => T): Noted<T> {
  const context = traceContext();
  const before = context.differences;
  const own = { used: false };
  context.differences = own;
  try {
    return { value: make(), used: own.used };
  } finally {
    context.differences = before;
  }
}

/** A mask as a key. */
export function maskKey(mask: readonly boolean[]): string {
  return mask.map(Number).join("");
}
