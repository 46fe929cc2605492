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
  // What goes through call-backs by differences is not for others.
  if (traceContext().differences !== undefined) return make();
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

/** A mask as a key. */
export function maskKey(mask: readonly boolean[]): string {
  return mask.map(Number).join("");
}
