import { isTensor, type Tensor } from "@diffrax-ts/pytree";
import { Choice } from "../machine/Choice.ts";
import { checkFresh, own, touch } from "../machine/containers.ts";
import { read } from "../machine/lift.ts";
import { fail, type Machine, mistake } from "../machine/Machine.ts";
import { optionsNow, resolve } from "../machine/resolve.ts";
import { Chosen, chosenList, isHole } from "./Chosen.ts";
import { fixedElements } from "./fixedElements.ts";
import { isList } from "./isArrayLike.ts";
import { Iteration } from "./Iteration.ts";
import { compute, describe, isTracedScalar, refuseUnsettled, settled } from "./numbers.ts";
import { type ElementType, elementTypeOf, TypedList } from "./TypedList.ts";
import { Element } from "../turns/Element.ts";
import { inEachTurn } from "../turns/inEachTurn.ts";
import { laneElement, noteRead, rowOf } from "../turns/laneElement.ts";
import { NotAlike } from "../turns/NotAlike.ts";
import { type Known, PerTurn } from "../turns/PerTurn.ts";

/** What can be gone through, element by element. */
export type Elements = readonly unknown[] | TypedList | Iteration | Chosen;

/** The elements of a value as they are now; not to be changed. Where an array has holes, so have these. */
export function elementsOf(m: Machine, x: unknown): readonly unknown[] {
  const elements = liveElements(m, x);
  if (elements instanceof Iteration || elements instanceof Chosen) {
    const all: unknown[] = [];
    all.length = elements.length;
    for (let i = 0; i < elements.length; i++)
      if (!isHole(elements, i)) all[i] = elementAt(m, elements, i);
    return all;
  }
  const now = elements instanceof TypedList ? elements.elements : elements;
  return m.tape.region.depth === 0 ? now : now.map((element) => resolve(m, element));
}

/** The elements of a value, each to be read by `elementAt` in its turn: those of an array may have changed by then. */
export function liveElements(m: Machine, x: unknown): Elements {
  if (x instanceof Chosen) return x;
  if (x instanceof Choice) {
    const list = chosenList(m, x);
    if (list !== undefined) return list;
  }
  refuseUnsettled(m, x);
  if (Array.isArray(x)) {
    checkFresh(m, x);
    noteRead(m, x);
    return x;
  }
  if (x instanceof TypedList) {
    checkFresh(m, x.storage);
    noteRead(m, x);
    return x;
  }
  if (x instanceof Iteration) {
    if (x.isUsed)
      fail(m, "this is gone through a second time", "make an array of it: [...list.entries()]");
    x.isUsed = true;
    return x;
  }
  const fixed = fixedElements(m, x);
  if (fixed !== undefined) return fixed;
  if (typeof x === "string") return Array.from(x);
  return mistake(
    m,
    `an array was expected, and this is ${isTensor(x) ? "a number" : describe(x)}`,
    "look for a misspelt name",
  );
}

/** One of `liveElements`. */
export function elementAt(m: Machine, elements: Elements | Tensor, i: number | PerTurn): unknown {
  if (i instanceof PerTurn) return elementInTurns(m, elements, i);
  if (isTensor(elements)) return settled(rowOf(m, elements, i));
  if (elements instanceof Chosen)
    return read(m, [elements.choice], (x) => elementAt(m, liveElements(m, x), i));
  if (elements instanceof Iteration) {
    const { list, gives } = elements;
    if (gives === "keys") return i;
    const element = elementAt(m, list, i);
    return gives === "values" ? element : own(m, [i, element]);
  }
  const list = elements instanceof TypedList ? elements.storage : elements;
  checkFresh(m, list);
  const place = elements instanceof TypedList ? elements.offset + i : i;
  return resolve(m, list[place]);
}

function elementInTurns(m: Machine, elements: Elements | Tensor, i: PerTurn): unknown {
  if (elements instanceof Chosen) throw new NotAlike();
  if (!(elements instanceof Iteration)) return laneElement(m, elements, i);
  const { list, gives } = elements;
  if (gives === "keys") {
    noteRead(m, list);
    return i;
  }
  const element = elementAt(m, list, i);
  return gives === "values" ? element : own(m, [i, element]);
}

/** The most elements that are given to an array at once. */
const mostElements = 100_000;

/** A number of elements that is known. */
export function lengthFrom(m: Machine, length: unknown): number {
  refuseUnsettled(m, length);
  if (isTracedScalar(length))
    fail(m, "the length of an array depends on a traced value", "make it fixed(n) in args");
  const n = typeof length === "object" || typeof length === "function" ? NaN : Number(length);
  if (!(Number.isInteger(n) && n >= 0 && n <= mostElements))
    fail(
      m,
      `an array of ${describe(length)} elements`,
      "use array operations in a traced(…) function",
    );
  return n;
}

/** A typed array with these elements. */
export function typedList(m: Machine, type: ElementType, elements: readonly unknown[]): TypedList {
  return new TypedList(
    type,
    own(
      m,
      Array.from(elements, (x) => elementOf(m, type, x)),
    ),
  );
}

/** New elements in an array of the same kind. */
export function listLike(m: Machine, list: unknown, elements: unknown[]): object {
  const type = elementTypeOf(list instanceof Chosen ? list.like : list);
  return type === undefined ? own(m, elements) : typedList(m, type, elements);
}

/** Makes the elements of a typed array these. */
export function refillTyped(m: Machine, list: TypedList, elements: readonly unknown[]): void {
  touch(m, list.storage);
  for (const [i, x] of elements.entries()) list.storage[list.offset + i] = x;
}

/** What a typed array holds where a value was written to it. */
export function elementOf(m: Machine, { array, round }: ElementType, x: unknown): unknown {
  if (x instanceof Element)
    return round === null || array !== Float64Array ? elementOf(m, { array, round }, x.scalar) : x;
  if (x instanceof PerTurn)
    return inEachTurn([x], (known: Known) => elementOf(m, { array, round }, known));
  refuseUnsettled(m, x);
  if (isTracedScalar(x)) {
    if (round === null)
      fail(
        m,
        `${array.name} cuts a traced number to a whole one`,
        "use a Float64Array and Math.trunc",
      );
    return compute(m, [x], round);
  }
  if (typeof x === "function" || (typeof x === "object" && x !== null))
    fail(
      m,
      `an element of a ${array.name} is a number, and this is ${describe(x)}`,
      "write a number",
    );
  return array.of(Number(x))[0];
}

/** The elements, with those of arrays among them in their place, without holes. */
export function flattened(m: Machine, elements: readonly unknown[], depth: number): unknown[] {
  return elements.flatMap((x) => {
    const inner = depth >= 1 ? spreadable(m, x) : undefined;
    return inner === undefined ? [x] : flattened(m, inner, depth - 1);
  });
}

/** The elements of what `concat` and `flat` take for a list; `undefined` for what they take for an element. */
export function spreadable(m: Machine, x: unknown): readonly unknown[] | undefined {
  const list = x instanceof Choice ? (chosenList(m, x) ?? refuseMixedList(m, x)) : x;
  return isList(list instanceof Chosen ? list.like : list) ? elementsOf(m, list) : undefined;
}

/** What is no array on any side stays as it is. */
function refuseMixedList(m: Machine, choice: Choice): unknown {
  if (optionsNow(m, choice).some(({ value }) => isList(value))) refuseUnsettled(m, choice);
  return choice;
}
