import { withTrace } from "@diffrax-ts/program";
import type { Machine } from "../machine/Machine.ts";
import { valueIn } from "../machine/variables.ts";
import { propertyOf } from "../values/properties.ts";
import { finish, handOut, type InTurn, scalarIn } from "./finish.ts";
import { Level } from "./Level.ts";
import { NotAlike } from "./NotAlike.ts";
import { Carried } from "./Carried.ts";
import { PerTurn, Split } from "./PerTurn.ts";

/**
 * Reads the body of a loop a single time for all turns; once more when it is seen that a turn hands something on.
 *
 * @param indices - The number that counts them, in each.
 * @param body - Gives what the turn gives.
 * @returns What each turn gave; how the turns differ; what the first one finds and is no traced number; or `undefined` if they
 * have to be read one by one.
 */
function together(
  m: Machine,
  indices: readonly number[],
  body: Body,
  asData: boolean = false,
): Reading {
  const carried: Carried[] = [];
  for (;;) {
    const result = once(m, new Level(m.level, indices.length, asData), indices, body, carried);
    if (result instanceof Split && result.level === m.level) {
      const isForked = !asData && partsOf(result.ways).length > mostGroups;
      const reading = isForked ? together(m, indices, body, true) : undefined;
      if (reading === undefined || reading instanceof Split) throw result;
      return reading;
    }
    if (!(result instanceof Carried)) return result;
    const { holder, key, element } = result;
    if (element !== undefined) holder[key] = propertyOf(m, element.list, element.place);
    if (scalarIn(m, valueIn(m, holder, key)) === undefined) return result;
    carried.push(result);
  }
}

/** Reads the body of a turn. */
type Body = (index: unknown) => unknown;

type Reading = InTurn | Split | Carried | undefined;

function once(
  m: Machine,
  level: Level,
  indices: readonly number[],
  body: Body,
  carried: readonly Carried[],
): Reading {
  const { tape, level: outer, unit, at, depth, turns } = m;
  const before = carried.map(({ holder, key }) => holder[key]);
  for (const [i, place] of carried.entries()) level.carry(place, scalarIn(m, before[i])!);
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
    if (error instanceof Carried) return error;
    if (!(error instanceof Split)) return undefined;
    if (error.level !== level) throw error;
    return ofOuter(error, level);
  } finally {
    m.tape = tape;
    m.level = outer;
    m.at = at;
    for (const [i, { holder, key }] of carried.entries()) holder[key] = before[i];
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
function ofOuter(split: Split, { turns, parent }: Level): Split {
  if (parent === null) return split;
  const rows = Array.from({ length: parent.lanes }, (_, i) =>
    split.ways
      .slice(i * turns, (i + 1) * turns)
      .map(String)
      .join(),
  );
  const isAlike = rows.every((row) => row === rows[0]);
  return isAlike ? new Split(split.level, split.ways.slice(0, turns)) : new Split(parent, rows);
}

/** Loops of fewer turns are written out. */
export const fewestTurns = 32;

/** In so many groups of turns a loop may be read. */
const mostGroups = 12;

/** So many turns a loop may have in all those of the loops round it: what is known in each takes its time. */
const mostLanes = 1_000_000;

/** What is done with groups of turns. */
export interface Groups<T> {
  readonly body: Body;
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
  const { level } = m;
  if (level !== null && level.lanes * indices.length > mostLanes) throw new NotAlike();
  let groups = 1;
  const from = (todo: readonly Group[]): T => {
    const [first, ...rest] = todo;
    if (first === undefined) return end();
    const { start, stop, mayBegin, asData } = first;
    if (stop - start >= fewestTurns && mayBeTogether(m)) {
      const result = together(m, indices.slice(start, stop), body, asData);
      if (result instanceof Split) {
        const parts = partsOf(result.ways).map(([a, b]) => group(start + a, start + b));
        if (groups + parts.length - 1 <= mostGroups) {
          groups += parts.length - 1;
          return from([...parts, ...rest]);
        }
        if (!asData) return from([{ ...first, asData: true }, ...rest]);
      } else if (result instanceof Carried) {
        const next = { ...first, start: start + 1, mayBegin: false };
        if (mayBegin) return oneByOne(start, start + 1, () => from([next, ...rest]));
      } else if (result !== undefined) {
        taken(start, stop, result);
        return from(rest);
      }
    }
    return oneByOne(start, stop, () => from(rest));
  };
  return from([group(0, indices.length)]);
}

/** Turns that may be read at once. */
interface Group {
  readonly start: number;
  readonly stop: number;
  /** Whether the first one may be read for itself: what it finds may be a known number, and what it leaves is traced. */
  readonly mayBegin: boolean;
  /** Whether conditions that are known in each turn are read like those that are traced. */
  readonly asData: boolean;
}

function group(start: number, stop: number): Group {
  return { start, stop, mayBegin: true, asData: false };
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
