import { withTrace } from "@diffrax-ts/program";
import type { Machine } from "../machine/Machine.ts";
import { finish, handOut, type InTurn } from "./finish.ts";
import { Level } from "./Level.ts";
import { PerTurn, Split } from "./PerTurn.ts";

/**
 * Reads the body of a loop a single time for all turns.
 *
 * @param indices - The number that counts them, in each.
 * @param body - Gives what the turn gives.
 * @returns What each turn gave; how the turns differ; or `undefined` if they have to be read one by one.
 */
function together(
  m: Machine,
  indices: readonly number[],
  body: (index: unknown) => unknown,
): InTurn | Split | undefined {
  const { tape, level: outer, unit, at, depth, turns } = m;
  const level = new Level(outer, indices.length);
  m.tape = level.tape;
  m.level = level;
  let handed;
  try {
    handed = withTrace(level.tape, () => {
      const given = body(indexOf(level, indices));
      level.checkReads();
      return handOut(m, level, given);
    });
  } catch (error) {
    // Whatever is wrong shows again where the turns are read one by one.
    Object.assign(m, { unit, depth, turns });
    if (!(error instanceof Split)) return undefined;
    const split = ofOuter(error, level);
    if (split.level !== level) throw split;
    return split;
  } finally {
    m.tape = tape;
    m.level = outer;
    m.at = at;
  }
  if (outer !== null)
    for (const [list, all] of level.reads) for (const places of all) outer.noteRead(list, places);
  return finish(m, level, handed);
}

/** The index of a loop, in its turns and those of the loops round it. */
function indexOf(level: Level, indices: readonly number[]): PerTurn {
  const n = indices.length;
  return new PerTurn(
    level,
    Array.from({ length: level.lanes }, (_, k) => indices[k % n]!),
  );
}

/** Where the turns of a loop differ in another way in each turn of that round it, it is those that differ. */
function ofOuter(split: Split, level: Level): Split {
  const { turns, parent } = split.level;
  if (split.level !== level || parent === null) return split;
  const rows = Array.from({ length: parent.lanes }, (_, i) =>
    split.ways
      .slice(i * turns, (i + 1) * turns)
      .map(String)
      .join(),
  );
  if (rows.every((row) => row === rows[0])) return new Split(level, split.ways.slice(0, turns));
  return new Split(parent, rows);
}

/** Loops of fewer turns are written out. */
export const fewestTurns = 32;

/** In so many groups of turns a loop may be read. */
const mostGroups = 12;

/** What is done with groups of turns. */
export interface Groups<T> {
  /** Reads the body of a turn. */
  readonly body: (index: unknown) => unknown;
  /** Takes what each turn of a group has given that was read at once. */
  readonly taken: (from: number, to: number, inTurn: InTurn) => void;
  /** Reads the turns of a group one by one, and then does the rest. */
  readonly oneByOne: (from: number, to: number, rest: () => T) => T;
  readonly end: () => T;
}

/** Runs a loop, or calls a function, for each index: where the turns do the same, all at once. */
export function inGroups<T>(
  m: Machine,
  indices: readonly number[],
  { body, taken, oneByOne, end }: Groups<T>,
): T {
  let groups = 1;
  const from = (todo: readonly (readonly [from: number, to: number])[]): T => {
    const [first, ...rest] = todo;
    if (first === undefined) return end();
    const [start, stop] = first;
    if (stop - start >= fewestTurns && mayBeTogether(m)) {
      const result = together(m, indices.slice(start, stop), body);
      if (result instanceof Split) {
        const parts = partsOf(result.ways).map(([a, b]) => [start + a, start + b] as const);
        groups += parts.length - 1;
        if (groups <= mostGroups) return from([...parts, ...rest]);
      } else if (result !== undefined) {
        taken(start, stop, result);
        return from(rest);
      }
    }
    return oneByOne(start, stop, () => from(rest));
  };
  return from([[0, indices.length]]);
}

/** Not in a branch: there a value may be known that is not in the turns. */
export function mayBeTogether(m: Machine): boolean {
  return m.isTraced && m.tape.region.depth === 0;
}

/** From where to where turns go the same way. */
function partsOf(ways: readonly unknown[]): (readonly [number, number])[] {
  const parts: [number, number][] = [];
  for (const [i, way] of ways.entries()) {
    if (i > 0 && way === ways[i - 1]) parts.at(-1)![1] = i + 1;
    else parts.push([i, i + 1]);
  }
  return parts;
}
