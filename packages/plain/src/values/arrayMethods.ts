import { own, touch } from "../machine/containers.ts";
import { fail, type Machine, mistake } from "../machine/Machine.ts";
import { resolve } from "../machine/resolve.ts";
import { element, index, type Role, text } from "./arguments.ts";
import { callingMethods, type Method } from "./callingMethods.ts";
import type { Listed } from "./Chosen.ts";
import {
  elementOf,
  elementsOf,
  flattened,
  listLike,
  liveElements,
  refillTyped,
  spreadable,
} from "./elements.ts";
import { Iteration } from "./Iteration.ts";
import { settled } from "./numbers.ts";
import { search } from "./search.ts";
import { joined } from "./texts.ts";
import { elementTypeOf, storageOf, TypedList } from "./TypedList.ts";
import { append } from "../turns/finish.ts";
import { isOutside } from "../turns/isOutside.ts";

/** A method that JavaScript itself runs, on the elements as they are. */
interface Native {
  /** What its arguments are for; further ones are ignored. */
  readonly takes: readonly Role[];
  /** What all further ones are for. */
  readonly rest?: Role;
  readonly changes?: boolean;
  readonly gives: "an element" | "a list" | "the list" | "an answer";
}

const natives: Readonly<Record<string, Native>> = {
  at: { takes: [index], gives: "an element" },
  copyWithin: { takes: [index, index, index], changes: true, gives: "the list" },
  fill: { takes: [element, index, index], changes: true, gives: "the list" },
  pop: { takes: [], changes: true, gives: "an element" },
  push: { takes: [], rest: element, changes: true, gives: "an answer" },
  reverse: { takes: [], changes: true, gives: "the list" },
  shift: { takes: [], changes: true, gives: "an element" },
  slice: { takes: [index, index], gives: "a list" },
  splice: { takes: [index, index], rest: element, changes: true, gives: "a list" },
  toReversed: { takes: [], gives: "a list" },
  toSpliced: { takes: [index, index], rest: element, gives: "a list" },
  unshift: { takes: [], rest: element, changes: true, gives: "an answer" },
  with: { takes: [index, element], gives: "a list" },
};

/** Methods in which JavaScript's own would not know what the elements are. */
const ours: Readonly<Record<string, Method>> = {
  concat: (m, list, args) =>
    own(m, elementsOf(m, list).concat(...args.map((x) => spreadable(m, x) ?? [x]))),
  entries: (m, list) => new Iteration(listOf(m, list), "entries"),
  includes: (m, list, args) => search(m, "includes", list, args),
  indexOf: (m, list, args) => search(m, "indexOf", list, args),
  lastIndexOf: (m, list, args) => search(m, "lastIndexOf", list, args),
  flat: (m, list, [depth = 1]) =>
    own(m, flattened(m, elementsOf(m, list), Number(index(m, depth, list)))),
  join: (m, list, [separator]) => joined(m, list, (text(m, separator, list) ?? ",") as string),
  keys: (m, list) => new Iteration(listOf(m, list), "keys"),
  set: (m, list, [source, offset]) => setAll(m, list, source, offset),
  subarray: (m, list, args) => window(m, list, args),
  toString: (m: Machine, list: Listed) => joined(m, list, ","),
  values: (m, list) => new Iteration(listOf(m, list), "values"),
};

/** Whether a method changes what it is called of, or gives a part of it that shares its elements. */
export function isChanging(name: string): boolean {
  return tabled(natives, name)?.changes === true || name === "set" || name === "subarray";
}

/** `list.name(...args)`, where JavaScript has such a method. What is not in one of the tables is not read. */
export function callArrayMethod(
  m: Machine,
  list: Listed,
  name: string,
  args: readonly unknown[],
): unknown {
  const method = tabled(callingMethods, name) ?? tabled(ours, name);
  if (method !== undefined) return method(m, list, args);
  const native = tabled(natives, name);
  return native === undefined
    ? fail(
        m,
        `.${name} of an array is not read`,
        "use a loop, or array operations in a traced(…) function",
      )
    : runNative(m, list, name, native, args);
}

function tabled<Entry>(table: Readonly<Record<string, Entry>>, name: string): Entry | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function runNative(
  m: Machine,
  list: Listed,
  name: string,
  { takes, rest, changes = false, gives }: Native,
  args: readonly unknown[],
): unknown {
  const operands = (rest === undefined ? args.slice(0, takes.length) : args).map((x, i) =>
    (takes[i] ?? rest!)(m, x, list),
  );
  if (name === "push" && m.level !== null && Array.isArray(list) && m.made.has(list)) {
    if (isOutside(m, m.level, list)) return appendInTurns(m, list, operands);
  }
  const elements = elementsOf(m, list);
  const isTyped = !Array.isArray(list);
  if (changes) touch(m, storageOf(list));
  // What a typed array looks at is not all there is.
  const target = (changes ? (isTyped ? [...elements] : list) : elements) as unknown[];
  let result: unknown;
  try {
    result = (target[name as "slice"] as (...operands: readonly unknown[]) => unknown)(...operands);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    mistake(m, `.${name}: ${error.message}`, "look for an index that is out of range");
  }
  if (changes && list instanceof TypedList) refillTyped(m, list, target);
  if (gives === "the list") return list;
  if (gives === "an element") return settled(resolve(m, result));
  return gives === "a list" ? listLike(m, list, result as unknown[]) : result;
}

function listOf(m: Machine, list: Listed): Iteration["list"] {
  return liveElements(m, list) as Iteration["list"];
}

/** `list.set(source, offset)`. */
function setAll(m: Machine, list: Listed, source: unknown, offset: unknown): void {
  const elements = elementsOf(m, source);
  if (!(list instanceof TypedList)) return touch(m, list);
  const from = Math.trunc(Number(index(m, offset, list))) || 0;
  if (!(from >= 0 && from + elements.length <= list.length))
    mistake(
      m,
      `${elements.length} elements do not fit into ${list.length} from ${from} on`,
      "look for an index that is out of range",
    );
  const written = [...list.elements];
  for (const [i, x] of elements.entries()) written[from + i] = elementOf(m, list.type, x);
  refillTyped(m, list, written);
}

/** `list.subarray(begin, end)`: the same elements, seen through a smaller window. */
function window(m: Machine, list: Listed, args: readonly unknown[]): TypedList {
  const places = Array.from({ length: list.length }, (_, i) => i);
  const [begin, end] = args.map((x) => index(m, x, list)) as [number?, number?];
  const inside = places.slice(begin, end);
  const first = inside[0] ?? 0;
  if (list instanceof TypedList)
    return new TypedList(list.type, list.storage, list.offset + first, inside.length);
  // What came from outside cannot be changed, so the window may as well have elements of its own.
  const elements = [...elementsOf(m, list)];
  return new TypedList(elementTypeOf(list)!, elements, first, inside.length);
}

/** Stands for the length that `push` gives, which differs from turn to turn: nothing can be done with it. */
const newLength: unique symbol = /* @__PURE__ */ Symbol("length");

function appendInTurns(m: Machine, list: unknown[], values: readonly unknown[]): unknown {
  append(m, list, values);
  return newLength;
}
