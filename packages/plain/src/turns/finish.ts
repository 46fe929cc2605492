import { reshape } from "@diffrax-ts/program";
import { isTensor, type Tensor } from "@diffrax-ts/pytree";
import { checkFresh, own, touch } from "../machine/containers.ts";
import type { Machine } from "../machine/Machine.ts";
import { resolve } from "../machine/resolve.ts";
import { isTracedScalar } from "../values/numbers.ts";
import { setProperty, setPropertyOf } from "../values/properties.ts";
import { storageOf, TypedList } from "../values/TypedList.ts";
import { Element } from "./Element.ts";
import { alike } from "./inEachTurn.ts";
import { isOutside, refuseInBranch } from "./isOutside.ts";
import type { Level } from "./Level.ts";
import { NotAlike } from "./NotAlike.ts";
import { isKnown, PerTurn } from "./PerTurn.ts";
import { overTurns, repeated, type Result } from "./overTurns.ts";
import { vectorOf } from "./vectorOf.ts";

/** What something is in a turn. */
export type InTurn = (turn: number) => unknown;

/** What is known when a body has been read, and has its numbers when the body has been batched. */
type Later = (results: readonly Result[]) => InTurn;

/** What leaves the body of a loop. */
export interface HandedOut {
  readonly outputs: readonly Tensor[];
  readonly given: Later;
  readonly pushes: readonly (readonly [list: unknown[], row: Later])[];
  readonly writes: readonly ToWrite[];
  /** What a turn hands on to the next one. */
  readonly carried: readonly Tensor[];
}

interface ToWrite {
  readonly list: unknown[];
  readonly places: readonly number[];
  /** Whether the array is from outside of the loop round this one as well. */
  readonly isFar: boolean;
  /** The place of a tensor among the outputs, or anything else. */
  readonly value: number | Later;
}

/** Notes what leaves the body of a loop. @throws NotAlike for what has no form outside. */
export function handOut(m: Machine, level: Level, given: unknown): HandedOut {
  const outputs: Tensor[] = [];
  const body: Body = { m, level, outputs, handed: new Set() };
  const later = (value: unknown): Later => laterOf(body, value);
  const { parent } = level;
  return {
    outputs,
    given: later(given),
    pushes: Array.from(level.pushes, ([list, row]) => [list, laterList(body, row)]),
    writes: level.writes.map(({ list, places, value }) => {
      const isFar = parent !== null && isOutside(m, parent, list);
      const isNumbers = isTensor(value);
      if (isFar && !isNumbers) throw new NotAlike();
      // As many in each turn of the loop round this one.
      const own = isFar ? places : places.slice(0, (places.length / level.lanes) * level.turns);
      if (places.some((place, k) => place !== own[k % own.length])) throw new NotAlike();
      return {
        list,
        places: own,
        isFar,
        value: isNumbers ? outputs.push(value) - 1 : later(value),
      };
    }),
    carried: level.carries.map(({ carried: { holder, key }, start }) => {
      checkFresh(m, holder);
      const value = scalarIn(m, holder[key]);
      if (value?.dtype !== start.dtype) throw new NotAlike();
      return value;
    }),
  };
}

/** A value as a scalar that a turn may hand to the next one; `undefined` for anything else. */
export function scalarIn(m: Machine, value: unknown): Tensor | undefined {
  const now = value instanceof Element ? value.scalar : resolve(m, value);
  const isIt = isTracedScalar(now) && !m.mixed.has(now) && !m.lengths.has(now);
  return isIt ? now : undefined;
}

/** A body that has been read. */
interface Body {
  readonly m: Machine;
  readonly level: Level;
  readonly outputs: Tensor[];
  /** Arrays and objects that were made in it, and are handed out. */
  readonly handed: Set<object>;
}

function laterOf(body: Body, value: unknown): Later {
  const { m, level, outputs, handed } = body;
  if (isKnown(value) || value === undefined || value === null) return () => () => value;
  if (value instanceof PerTurn) {
    if (value.level !== level) return () => () => value;
    const { turns, parent } = level;
    return () => (turn) =>
      parent === null
        ? value.values[turn]
        : alike(
            parent,
            Array.from({ length: parent.lanes }, (_, i) => value.values[i * turns + turn]!),
          );
  }
  if (value instanceof Element) return laterOf(body, value.scalar);
  if (isTracedScalar(value)) {
    const place = outputs.push(value) - 1;
    return (results) => {
      const { value: all, isBatched } = results[place]!;
      return (turn) => (isBatched ? new Element(all, turn) : all);
    };
  }
  const target = storageOf(value);
  // One thing in all turns.
  if (m.made.has(target) && isOutside(m, level, target)) return () => () => value;
  // Two names for one thing would become two things.
  if (handed.has(target)) throw new NotAlike();
  handed.add(target);
  if (value instanceof TypedList) {
    const elements = laterOf(body, value.elements);
    return (results) => {
      const inTurn = elements(results);
      return (turn) => new TypedList(value.type, inTurn(turn) as unknown[]);
    };
  }
  if (Array.isArray(value) && m.made.has(value)) return laterList(body, value);
  if (m.made.has(value) && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).map(([key, x]) => [key, laterOf(body, x)] as const);
    return (results) => {
      const inTurns = entries.map(([key, x]) => [key, x(results)] as const);
      return (turn) =>
        own(m, Object.fromEntries(inTurns.map(([key, inTurn]) => [key, inTurn(turn)])));
    };
  }
  throw new NotAlike();
}

function laterList(body: Body, list: readonly unknown[]): Later {
  const { m, level, outputs } = body;
  for (let i = 0; i < list.length; i++) if (!(i in list)) throw new NotAlike();
  const n = list.length;
  const row = n > 1 && !list.some(isKnown) ? vectorOf(list) : undefined;
  if (row !== undefined) {
    const place = outputs.push(row) - 1;
    return (results) => {
      const flat = flatOf(results[place]!, level.turns);
      return (turn) =>
        own(
          m,
          Array.from(list, (_, i): unknown => new Element(flat, turn * n + i)),
        );
    };
  }
  const elements = list.map((x) => laterOf(body, x));
  return (results) => {
    const inTurns = elements.map((x) => x(results));
    return (turn) =>
      own(
        m,
        inTurns.map((inTurn) => inTurn(turn)),
      );
  };
}

/** The numbers of all turns, one after the other. */
function flatOf({ value, isBatched }: Result, turns: number): Tensor {
  const full = isBatched ? value : repeated(value, turns);
  return reshape(full, [full.size]);
}

/** Batches a body over its turns, and gives to what is outside what it hands out. */
export function finish(m: Machine, level: Level, handed: HandedOut): InTurn {
  const { outputs, given, pushes, writes, carried } = handed;
  const { results, last } = overTurns(level, outputs, carried);
  const rows = pushes.map(([list, row]) => [list, row(results)] as const);
  const vectors = writes.map(({ value }) =>
    typeof value === "number" ? flatOf(results[value]!, level.turns) : undefined,
  );
  for (const [list, row] of rows)
    for (let turn = 0; turn < level.turns; turn++) append(m, list, row(turn) as readonly unknown[]);
  for (const [i, { list, places, isFar, value }] of writes.entries()) {
    const vector = vectors[i];
    if (isFar) m.level!.noteWrite({ list, places, value: vector });
    else {
      const inTurn =
        typeof value === "number" ? (k: number) => new Element(vector!, k) : value(results);
      for (const [k, place] of places.entries()) setProperty(m, list, place, inTurn(k));
    }
  }
  for (const [i, { carried }] of level.carries.entries()) {
    const { holder, key, element } = carried;
    if (element !== undefined) setPropertyOf(m, element.list, element.place, last[i]);
    else {
      touch(m, holder, key);
      holder[key] = last[i];
    }
  }
  return given(results);
}

/** `list.push(...values)`, in the body of a loop that is read at once as well. */
export function append(m: Machine, list: unknown[], values: readonly unknown[]): void {
  const { level } = m;
  if (level === null || !isOutside(m, level, list)) {
    touch(m, list);
    for (const x of values) list.push(x);
    return;
  }
  refuseInBranch(m);
  let row = level.pushes.get(list);
  if (row === undefined) level.pushes.set(list, (row = []));
  for (const x of values) row.push(x);
}
