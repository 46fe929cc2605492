import { apply, reshape, sameList, tensorOf } from "@diffrax-ts/program";
import { isTensor, isTypedArray, type Tensor } from "@diffrax-ts/pytree";
import { checkFresh } from "../machine/containers.ts";
import { valueIn } from "../machine/variables.ts";
import type { Machine } from "../machine/Machine.ts";
import { resolve } from "../machine/resolve.ts";
import { storageOf, TypedList } from "../values/TypedList.ts";
import { Element } from "./Element.ts";
import type { Level } from "./Level.ts";
import { heldAt, placesIn } from "./heldAt.ts";
import { alike, atLevel, homeOf, throughLevels, withoutOuter } from "./inEachTurn.ts";
import { NotAlike } from "./NotAlike.ts";
import { type PerTurn, Split } from "./PerTurn.ts";
import { vectorOf } from "./vectorOf.ts";

/** `list[place]`, where the place is another one in each turn. */
export function laneElement(m: Machine, list: unknown, place: PerTurn): unknown {
  const { level, values } = place;
  const length = lengthOf(list);
  // Also where nothing is there yet: it may be put there in this turn, or in another one.
  if (Array.isArray(list) || list instanceof TypedList) {
    const pending = notedRead(m, list, place);
    if (pending !== undefined) return pending;
  }
  const isInside = values.map(
    (k) => typeof k === "number" && Number.isInteger(k) && k >= 0 && k < length,
  );
  if (!isInside.some(Boolean)) return undefined;
  if (!isInside.every(Boolean)) throw new Split(level, isInside);
  const places = values as readonly number[];
  if (isTensor(list)) return ofTensor(m, list, level, places);
  if (isTypedArray(list))
    return alike(
      level,
      places.map((k) => Number(list[k])),
    );
  return ofList(m, list as readonly unknown[] | TypedList, level, places);
}

/** Notes what of a list is read, and gives it if it was put there in this turn. */
function notedRead(m: Machine, list: readonly unknown[] | TypedList, place: PerTurn): unknown {
  const held = heldAt(m, list, place);
  if (held !== undefined) return valueIn(m, held.holder, held.key);
  const target = storageOf(list);
  checkFresh(m, target);
  const places = placesIn(list, place.values as readonly number[]);
  m.level?.noteRead(target, places);
  return pendingAt(m, target as unknown[], place.level, places);
}

/** An element of an array at a place that is the same in all turns: it is taken out where the array is from. */
export function rowOf(m: Machine, x: Tensor, place: number): Tensor {
  if (m.level === null) return x.at(place);
  return atLevel(m, homeOf(m, x), () => x.at(place));
}

function lengthOf(list: unknown): number {
  if (isTensor(list) && list.shape.length > 0) return list.shape[0]!;
  if (Array.isArray(list) || isTypedArray(list) || list instanceof TypedList) return list.length;
  throw new NotAlike();
}

function ofList(
  m: Machine,
  list: readonly unknown[] | TypedList,
  level: Level,
  places: readonly number[],
): unknown {
  const target = storageOf(list);
  const elements = list instanceof TypedList ? list.elements : list;
  const at = (x: unknown): unknown => (x instanceof Element ? x : resolve(m, x));
  const known = places.map((k) => at(elements[k]));
  if (known.every((x) => typeof x === "number" || typeof x === "boolean"))
    return alike(level, known);
  const [first] = known;
  if (first instanceof Element) {
    const { vector } = first;
    if (known.every((x) => x instanceof Element && x.vector === vector))
      return ofTensor(
        m,
        vector,
        level,
        (known as readonly Element[]).map((x) => x.place),
      );
  }
  // All of it, once for all reads in this loop.
  let packed = m.level!.packed.get(target);
  if (packed === undefined) {
    const home = innermost(elements.map((x) => homeOf(m, x instanceof Element ? x.vector : x)));
    packed = atLevel(m, home, () => vectorOf(elements.map(at)));
    if (packed === undefined) throw new NotAlike();
    m.level!.packed.set(target, packed);
  }
  return ofTensor(m, packed, level, places);
}

function innermost(levels: readonly (Level | null)[]): Level | null {
  let most: Level | null = null;
  for (const level of levels) if ((level?.depth ?? 0) > (most?.depth ?? 0)) most = level;
  return most;
}

function ofTensor(m: Machine, x: Tensor, level: Level, places: readonly number[]): unknown {
  const { values, levels } = withoutOuter({ level, values: places });
  const [outer] = levels;
  if (outer === undefined) return rowOf(m, x, values[0]!);
  const home = homeOf(m, x);
  // Computed within a loop, at a place that differs in its turns.
  if ((home?.depth ?? 0) >= outer.depth) throw new NotAlike();
  const shape = levels.map(({ turns }) => turns);
  return throughLevels(
    atLevel(m, outer.parent, () => elementsAt(x, values, shape)),
    levels,
  );
}

/** The elements at these places along the first axis, in an array of this shape. */
function elementsAt(x: Tensor, places: readonly number[], shape: readonly number[]): Tensor {
  const [n, ...rest] = x.shape as readonly [number, ...number[]];
  const [first] = places as readonly [number];
  const wide = [...shape, ...rest];
  const whole = rest.map(() => 0);
  const ones = rest.map(() => 1);
  const slice = (of: Tensor, start: number[], limit: number[], step: number[]): Tensor =>
    apply("slice", [of], {
      start: [...start, ...whole],
      limit: [...limit, ...rest],
      step: [...step, ...ones],
    })[0]!;
  const by = places.length > 1 ? places[1]! - first : 1;
  if (places.every((k, i) => k === first + i * by) && by !== 0) {
    const last = first + (places.length - 1) * by;
    const [low, high] = by > 0 ? [first, last] : [last, first];
    const part = slice(x, [low], [high + 1], [Math.abs(by)]);
    return reshape(by > 0 ? part : apply("reverse", [part], { axes: [0] })[0]!, wide);
  }
  // Part of the rows of a matrix that is written row after row.
  const width = shape.at(-1)!;
  const row = places.length > width ? places[width]! - first : 0;
  const rows = places.length / width;
  const column = row > 0 ? first % row : 0;
  const isBlock =
    row > 0 &&
    n % row === 0 &&
    column + width <= row &&
    places.every((k, i) => k === first + Math.floor(i / width) * row + (i % width));
  if (isBlock) {
    const from = Math.floor(first / row);
    const matrix = reshape(x, [n / row, row, ...rest]);
    return reshape(slice(matrix, [from, column], [from + rows, column + width], [1, 1]), wide);
  }
  // Parts that follow one another, of the whole or of each row: `(i + 1) % n` is two.
  const join = (parts: readonly Tensor[], axis: number): Tensor =>
    apply("concatenate", parts, { axis })[0]!;
  const runs = lengthsOfRuns(places);
  if (runs.length <= mostRuns) {
    let from = 0;
    const parts = runs.map((length) =>
      elementsAt(x, places.slice(from, (from += length)), [length]),
    );
    return reshape(join(parts, 0), wide);
  }
  const columns = lengthsOfRuns(places.slice(0, width));
  if (columns.length > 1 && columns.length <= mostRuns) {
    let from = 0;
    const parts = columns.map((length) => {
      const to = from + length;
      const inPart = places.filter((_, i) => i % width >= from && i % width < to);
      from = to;
      return elementsAt(x, inPart, [...shape.slice(0, -1), length]);
    });
    return join(parts, shape.length - 1);
  }
  const indices = tensorOf({ dtype: "int32", shape, data: Int32Array.from(places) });
  return apply("gather", [x, indices], { axis: 0 })[0]!;
}

/** So many parts of an array are put together; of more, elements are read one by one. */
const mostRuns = 4;

function lengthsOfRuns(places: readonly number[]): number[] {
  const lengths: number[] = [];
  for (const [i, place] of places.entries())
    if (i > 0 && place === places[i - 1]! + 1) lengths[lengths.length - 1]!++;
    else lengths.push(1);
  return lengths;
}

/** What was put there earlier in the same turn, of this loop or of one round it. @throws NotAlike if something was put elsewhere. */
function pendingAt(m: Machine, list: unknown[], home: Level, places: readonly number[]): unknown {
  for (let { level } = m; level !== null; level = level.parent) {
    if (!level.writes.some((one) => one.list === list)) continue;
    if (level !== home) throw new NotAlike();
    if (!level.isWritten(list, places)) continue;
    const { value } = level.writes.findLast(
      (one) => one.list === list && sameList(one.places, places),
    )!;
    if (isTensor(value) && value.shape.length > 0) throw new NotAlike();
    return value;
  }
  return undefined;
}

/** Notes that anything in an array was asked for. */
export function noteRead(m: Machine, list: unknown): void {
  if (m.level === null) return;
  if (Array.isArray(list)) m.level.noteRead(list, "any");
  if (list instanceof TypedList) m.level.noteRead(list.storage, "any");
}
