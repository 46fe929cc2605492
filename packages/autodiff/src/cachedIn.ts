import { KeptMap, type Program, programBytes, traceContext } from "@diffrax-ts/program";

/**
 * What was made of programs, as long as these are there. Keys may hold what a program is used with, the length of a batch for example,
 * of which there is no end: all of it counts in the budget of the process.
 */
export type ProgramCache<T> = WeakMap<Program, KeptMap<T>>;

/** What was made of a program before, or is made now. */
export function cachedIn<T extends object>(
  cache: ProgramCache<T>,
  program: Program,
  key: string,
  make: () => T,
): T {
  const { differences } = traceContext();
  if (differences === undefined) return lookUp(cache, program, key, make, (made) => made);
  const other = withDifferencesOf(cache);
  const { value, used } = lookUp(
    other,
    program,
    key,
    () => noting(make),
    (made) => made.value,
  );
  differences.used ||= used;
  return value;
}

function lookUp<T>(
  cache: ProgramCache<T>,
  program: Program,
  key: string,
  make: () => T,
  resultOf: (made: T) => object,
): T {
  let known = cache.get(program);
  if (known === undefined) cache.set(program, (known = new KeptMap()));
  let made = known.get(key);
  if (made === undefined) known.set(key, (made = make()), bytesOf(resultOf(made)));
  return made;
}

/** The bytes of a program, or of those that a record has. */
function bytesOf(made: object): number {
  if (isProgram(made)) return programBytes(made);
  let bytes = 0;
  for (const { value } of Object.values(Object.getOwnPropertyDescriptors(made)))
    if (isProgram(value)) bytes += programBytes(value);
  return bytes;
}

function isProgram(x: unknown): x is Program {
  return typeof x === "object" && x !== null && "equations" in x;
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
