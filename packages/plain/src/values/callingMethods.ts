import { isTensor } from "@diffrax-ts/pytree";
import { branchValue } from "../machine/branch.ts";
import { own } from "../machine/containers.ts";
import { countTurns, fail, type Machine, mistake } from "../machine/Machine.ts";
import { newScope } from "../machine/Scope.ts";
import { giveTo, valueIn } from "../machine/variables.ts";
import type { PerTurn } from "../turns/PerTurn.ts";
import { fewestTurns, inGroups, mayBeTogether } from "../turns/together.ts";
import { asGiven, Chosen, isHole, type Listed } from "./Chosen.ts";
import { elementAt, flattened, liveElements, listLike } from "./elements.ts";
import { settled, truthOf } from "./numbers.ts";

/** A method on values of a reading. */
export type Method = (m: Machine, list: Listed, args: readonly unknown[]) => unknown;

/**
 * Methods of arrays that call a function with each element.
 *
 * The function may change the elements that it is called with next. Holes are passed over, as in JavaScript.
 */
export const callingMethods: Readonly<Record<string, Method>> = {
  every: (m, list, [f]) => quantify(m, list, f, false),
  filter: (m, list, [f]) => {
    const kept: unknown[] = [];
    for (const [x, i] of present(m, list)) if (ask(m, "filter", f, [x, i, list])) kept.push(x);
    return listLike(m, list, kept);
  },
  find: (m, list, [f]) => search(m, list, "find", f)?.[0],
  findIndex: (m, list, [f]) => search(m, list, "findIndex", f)?.[1] ?? -1,
  findLast: (m, list, [f]) => search(m, list, "findLast", f)?.[0],
  findLastIndex: (m, list, [f]) => search(m, list, "findLastIndex", f)?.[1] ?? -1,
  flatMap: (m, list, [f]) => {
    const all: unknown[] = [];
    for (const [x, i] of present(m, list)) {
      const result = call(m, f, [x, i, list]);
      for (const one of flattened(m, [result], 1)) all.push(one);
    }
    return own(m, all);
  },
  forEach: (m, list, [f]) => {
    forAll(
      m,
      list,
      (x, i) => void call(m, f, [x, i, list]),
      () => {},
    );
  },
  map: (m, list, [f]) => {
    const results: unknown[] = [];
    results.length = list.length;
    forAll(
      m,
      list,
      (x, i) => call(m, f, [x, i, list]),
      (result, i) => {
        results[i] = result;
      },
    );
    return listLike(m, list, results);
  },
  reduce: (m, list, args) => fold(m, list, args, "forward"),
  reduceRight: (m, list, args) => fold(m, list, args, "backward"),
  some: (m, list, [f]) => quantify(m, list, f, true),
};

/** Calls a function with each element, with many at once where it does the same with them. */
function forAll(
  m: Machine,
  list: Listed,
  f: (x: unknown, i: unknown) => unknown,
  taken: (result: unknown, i: number) => void,
): void {
  if (mayBeAtOnce(m, list)) return atOnce(m, list, indicesOf(list, "forward"), f, taken);
  for (const [x, i] of present(m, list)) taken(f(x, i), i);
}

function mayBeAtOnce(m: Machine, list: Listed): boolean {
  const isLong = list.length >= fewestTurns && mayBeTogether(m);
  return isLong && !(list instanceof Chosen) && !hasHoles(list);
}

function indicesOf({ length: n }: Listed, direction: Direction): number[] {
  return Array.from({ length: n }, (_, i) => (direction === "forward" ? i : n - 1 - i));
}

function atOnce(
  m: Machine,
  list: Listed,
  indices: readonly number[],
  f: (x: unknown, i: unknown) => unknown,
  taken: (result: unknown, i: number) => void,
): void {
  const { at } = m;
  const all = isTensor(list) ? list : liveElements(m, list);
  inGroups<void>(m, indices, {
    body: (i) => f(elementAt(m, all, i as PerTurn), i),
    taken: (from, to, inTurn) => {
      countTurns(m, 1, at);
      for (let turn = from; turn < to; turn++) taken(inTurn(turn - from), indices[turn]!);
    },
    oneByOne: (from, to, rest) => {
      for (const i of indices.slice(from, to)) {
        countTurns(m, 1, at);
        taken(f(elementAt(m, all, i), i), i);
        m.at = at;
      }
      rest();
    },
    end: () => {},
  });
}

function hasHoles(list: Listed): boolean {
  for (let i = 0; i < list.length; i++) if (isHole(list, i)) return true;
  return false;
}

type Direction = "forward" | "backward";

/**
 * All that an array has at the beginning, one by one.
 *
 * @yields An element and its index.
 */
function* elements(
  m: Machine,
  list: unknown,
  direction: Direction = "forward",
): Generator<readonly [element: unknown, index: number]> {
  const { at } = m;
  const all = liveElements(m, list);
  const n = all.length;
  for (let turn = 0; turn < n; turn++) {
    countTurns(m, 1, at);
    const i = direction === "forward" ? turn : n - 1 - turn;
    yield [elementAt(m, all, i), i];
    m.at = at;
  }
}

/**
 * The same without holes.
 *
 * @yields An element and its index.
 */
function* present(m: Machine, list: unknown, direction?: Direction): ReturnType<typeof elements> {
  for (const entry of elements(m, list, direction)) if (!isHole(list, entry[1])) yield entry;
}

function call(m: Machine, f: unknown, args: readonly unknown[]): unknown {
  const { at } = m;
  const result = m.call(f, args.map(asGiven));
  m.at = at;
  return result;
}

/** What a function says, which has to be known. */
function ask(m: Machine, method: string, f: unknown, args: readonly unknown[]): boolean {
  const truth = truthOf(m, call(m, f, args));
  return typeof truth === "boolean"
    ? truth
    : fail(
        m,
        `what .${method} finds depends on a traced value`,
        "choose numbers with ?:, not elements",
      );
}

function search(
  m: Machine,
  list: unknown,
  method: string,
  f: unknown,
): readonly [element: unknown, index: number] | undefined {
  const direction = method.startsWith("findLast") ? "backward" : "forward";
  for (const [x, i] of elements(m, list, direction))
    if (ask(m, method, f, [x, i, list])) return [x, i];
  return undefined;
}

function fold(
  m: Machine,
  list: Listed,
  [f, ...first]: readonly unknown[],
  direction: Direction,
): unknown {
  if (mayBeAtOnce(m, list)) {
    const all = isTensor(list) ? list : liveElements(m, list);
    const indices = indicesOf(list, direction);
    const begin = first.length > 0 ? first[0] : elementAt(m, all, indices.shift()!);
    const total = newScope(m, null, { sum: begin }).vars;
    const add = (x: unknown, i: unknown): void => {
      giveTo(m, total, "sum", settled(call(m, f, [valueIn(m, total, "sum"), x, i, list])));
    };
    atOnce(m, list, indices, add, () => {});
    return valueIn(m, total, "sum");
  }
  let sum = first[0];
  let isBegun = first.length > 0;
  for (const [x, i] of present(m, list, direction)) {
    sum = isBegun ? call(m, f, [sum, x, i, list]) : x;
    isBegun = true;
  }
  return isBegun
    ? sum
    : mistake(m, "an empty array is reduced without a first value", "give one as second argument");
}

/** Whether `f` holds for some element, or for every one. */
function quantify(m: Machine, list: unknown, f: unknown, isSome: boolean): unknown {
  const entries = present(m, list);
  const next = (): unknown => {
    const { value: entry } = entries.next() as IteratorResult<
      readonly [unknown, number],
      undefined
    >;
    if (entry === undefined) return !isSome;
    const [x, i] = entry;
    const truth = truthOf(m, call(m, f, [x, i, list]));
    return isSome
      ? branchValue(m, truth, () => true, next)
      : branchValue(m, truth, next, () => false);
  };
  return next();
}
