import { sameList, where } from "@diffrax-ts/program";
import { isTensor, kindOf, type Tensor } from "@diffrax-ts/pytree";
import { Choice } from "../machine/Choice.ts";
import { checkFresh } from "../machine/containers.ts";
import { standInOf } from "../machine/guards.ts";
import { look, perform } from "../machine/lift.ts";
import { fail, type Machine } from "../machine/Machine.ts";
import { haveSameKeys, numberIn } from "../machine/merge.ts";
import { optionsNow, resolve } from "../machine/resolve.ts";
import { chosenList } from "./Chosen.ts";
import { elementsOf } from "./elements.ts";
import { Iteration } from "./Iteration.ts";
import { getProperty } from "./properties.ts";
import { Element } from "../turns/Element.ts";
import { NotAlike } from "../turns/NotAlike.ts";
import { PerTurn } from "../turns/PerTurn.ts";
import { Rows, withLists } from "../turns/Rows.ts";
import { TypedList } from "./TypedList.ts";

/**
 * A value as functions outside of the reading take it, and as it is returned: typed arrays become arrays of their
 * elements, and choices become arrays and objects whose numbers are chosen.
 *
 * @throws PlainError if a part of it is not known, or has no form outside.
 */
export function outward(m: Machine, value: unknown): unknown {
  return withLists(returned(m, value));
}

/** The same with lists that loops have filled as `Rows`. */
export function returned(m: Machine, value: unknown, round: readonly unknown[] = []): unknown {
  const x = standInOf(m, resolve(m, value));
  if (round.includes(x)) fail(m, "an array or object holds itself", "leave it out of the result");
  const part = (inner: unknown): unknown => returned(m, inner, [...round, x]);
  if (x instanceof PerTurn) throw new NotAlike();
  if (x instanceof Choice) return numberIn(m, x) ?? chosenTree(m, x, part);
  if (x instanceof Iteration)
    fail(m, "an iterator is no value to hand on", "make an array of it: [...list.entries()]");
  if (Array.isArray(x) || x instanceof TypedList) {
    const rows = rowsOf(m, x);
    return rows === undefined ? Array.from(elementsOf(m, x), part) : new Rows(rows);
  }
  if (!isRecord(x)) return x;
  checkFresh(m, x);
  return Object.fromEntries(Object.entries(x).map(([key, inner]) => [key, part(inner)]));
}

/** The elements of a list that loops have filled, if it has no others. */
function rowsOf(m: Machine, list: unknown): readonly unknown[] | undefined {
  if (m.tape.region.depth > 0 || !(Array.isArray(list) || list instanceof TypedList))
    return undefined;
  let hasElements = false;
  const rows: unknown[] = [];
  for (const x of elementsOf(m, list)) {
    const row = Array.isArray(x) || x instanceof TypedList ? rowsOf(m, x) : undefined;
    hasElements ||= row !== undefined || x instanceof Element;
    const value = row ?? (x instanceof Element ? x : resolve(m, x));
    if (
      row === undefined &&
      !(x instanceof Element || typeof value === "number" || isNumber(value))
    )
      return undefined;
    rows.push(value);
  }
  return hasElements ? rows : undefined;
}

function isNumber(x: unknown): boolean {
  return isTensor(x) && x.shape.length === 0;
}

/** What has no stand-in is put together now. */
function chosenTree(m: Machine, choice: Choice, part: (x: unknown) => unknown): unknown {
  const options = optionsNow(m, choice);
  const values = options.map(({ value }) => resolve(m, value));
  if (values.every((x) => typeof x === "function")) {
    const either = (...args: readonly unknown[]): unknown =>
      perform(m, [choice], (f) => m.call(f, args));
    m.functions.add(either);
    return either;
  }
  const [first] = values;
  if (values.every((x) => isTensor(first) && isTensor(x) && haveSameType(x, first)))
    return (values as readonly Tensor[]).reduceRight((rest, x, i) =>
      where(options[i]!.guard() as Tensor, x, rest),
    );
  const list = chosenList(m, choice);
  if (list !== undefined) return Array.from(elementsOf(m, list), part);
  if (
    !isRecord(first) ||
    !values.every((x) => isRecord(x) && haveSameKeys(sorted(x), sorted(first)))
  )
    fail(m, choice.what(), "give it a number on both sides of the condition");
  return Object.fromEntries(
    Object.keys(first).map((key) => [key, part(look(m, [choice], (x) => getProperty(m, x, key)))]),
  );
}

/** Of a tree that is handed on the order of keys does not matter. */
function sorted(x: object): object {
  return Object.fromEntries(
    Object.keys(x)
      .sort()
      .map((key) => [key, null]),
  );
}

function isRecord(x: unknown): x is object {
  return (
    typeof x === "object" &&
    x !== null &&
    Object.getPrototypeOf(x) === Object.prototype &&
    kindOf(x) === undefined
  );
}

function haveSameType(a: Tensor, b: Tensor): boolean {
  return a.dtype === b.dtype && sameList(a.shape, b.shape);
}
