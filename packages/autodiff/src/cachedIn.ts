import type { Program } from "@diffrax-ts/program";

/** What was made of programs, as long as these are there. */
export type ProgramCache<T> = WeakMap<Program, Map<string, T>>;

/** What was made of a program before, or is made now. */
export function cachedIn<T>(
  cache: ProgramCache<T>,
  program: Program,
  key: string,
  make: () => T,
): T {
  let known = cache.get(program);
  if (known === undefined) cache.set(program, (known = new Map()));
  let result = known.get(key);
  if (result === undefined) known.set(key, (result = make()));
  return result;
}

/** A mask as a key. */
export function maskKey(mask: readonly boolean[]): string {
  return mask.map(Number).join("");
}
