import { numberAs, sameList, type TensorLike } from "@diffrax-ts/program";
import { isTensor, type Tensor } from "@diffrax-ts/pytree";
import { describe, dtypeOf, isTracedScalar, numbersOf } from "../values/numbers.ts";
import { chooseTruth } from "../values/truth.ts";
import { storageOf, TypedList } from "../values/TypedList.ts";
import { Cell, Choice } from "./Choice.ts";
import { isConfined, own } from "./containers.ts";
import { contentsOf } from "./contentsOf.ts";
import type { Machine } from "./Machine.ts";
import { type Later, Merger } from "./Merger.ts";
import type { Truth } from "./Outcome.ts";
import { now, optionsNow, resolve, stampOf, type View } from "./resolve.ts";
import { undeclared } from "./Scope.ts";
import { Element } from "../turns/Element.ts";
import { tracedIn } from "../turns/inEachTurn.ts";
import { PerTurn } from "../turns/PerTurn.ts";

/** The value that is `x` if the condition holds and `y` if not. */
export function merge(g: Merger, x: unknown, y: unknown, name = "this value"): Later {
  const { m, when, sides } = g;
  if (x === y && (x instanceof Choice || x instanceof PerTurn || x instanceof Element))
    return () => x;
  const a = m.tape.facts.within(when, true, () => known(m, x, sides[0]));
  const b = m.tape.facts.within(when, false, () => known(m, y, sides[1]));
  if (Object.is(a, b)) return () => a;
  if (!isScalar(a) || !isScalar(b)) return mergeReferences(g, a, b, name);
  const value = mergeScalars(g, a, b);
  return () => {
    const merged = value();
    if (isTensor(merged) && merged !== a && merged !== b)
      m.selections.set(merged, { when, side: (is) => (is ? a : b) });
    return merged;
  };
}

/** A value as it is on a side. A choice is one between what is possible there; one between numbers is a number. */
function known(m: Machine, x: unknown, view: View): unknown {
  const value = resolve(m, x, view);
  if (value instanceof PerTurn) return tracedIn(m, value);
  if (!(value instanceof Choice) || value.isReference) return value;
  return numberIn(m, value, view) ?? possiblePart(m, value);
}

/** A choice without the values that it is known not to be. */
function possiblePart(m: Machine, choice: Choice): unknown {
  const possible = new Set(optionsNow(m, choice).map(({ value }) => value));
  if (possible.size === choice.options.length) return choice;
  const nothing = {};
  const parts = new Map<Choice, unknown>();
  const partOf = (x: unknown): unknown => {
    if (!(x instanceof Choice)) return possible.has(x) ? x : nothing;
    if (parts.has(x)) return parts.get(x);
    const [a, b] = x.sides.map(partOf);
    const part =
      a === nothing || b === nothing ? (a === nothing ? b : a) : new Choice(x.when, a, b, x.what);
    parts.set(x, part);
    return part;
  };
  return partOf(choice);
}

/** The number that a choice is, if it is between numbers alone. */
export function numberIn(m: Machine, choice: Choice, view: View = now): unknown {
  if (choice.standIn !== undefined) return undefined;
  const options = optionsNow(m, choice);
  if (!options.every(({ value }) => value instanceof Cell)) return undefined;
  const place = m.tape.length;
  const numbers = options.map(({ value }) => resolve(m, value, view));
  if (!numbers.every(isScalar)) return undefined;
  return numbers.reduceRight(
    (rest, x, i) => chooseValue(m, options[i]!.guard(), x, rest, place) as Scalar,
  );
}

function mergeScalars(g: Merger, a: Scalar, b: Scalar): Later {
  const { m, when } = g;
  const { mixed, literals } = m;
  if (isTruth(a) && isTruth(b)) {
    // By logic alone, where one of them is known.
    if (typeof a === "boolean" || typeof b === "boolean" || a === when || b === when) {
      const truth = chooseTruth(when, a, b);
      return () => truth;
    }
    return g.leaf(a, b);
  }
  const both = [a, b];
  const areLiterals = both.every((value) => !isTensor(value) || literals.has(value));
  const isMixed = isTruth(a) !== isTruth(b) || both.some((value) => mixed.has(value as object));
  const dtype = dtypeOf(m, both);
  const [x, y] = numbersOf(m, both).map((value: TensorLike) =>
    typeof value === "number" ? numberAs("condition", value, dtype) : (value as Tensor),
  ) as [Tensor, Tensor];
  const number = g.leaf(x, y);
  let made: unknown;
  return () => {
    if (made !== undefined) return made;
    const value = number();
    // Another variable may have the same number, and be no truth value on any side.
    made = isMixed && isTensor(value) ? m.tape.another(value) : value;
    if (isMixed && isTensor(made)) mixed.add(made);
    if (areLiterals && isTensor(made)) literals.add(made);
    return made;
  };
}

function mergeReferences(g: Merger, a: unknown, b: unknown, name: string): Later {
  const words = (x: unknown): string =>
    x instanceof Choice ? "one of several" : isTracedScalar(x) ? "a number" : describe(x);
  const what = (): string =>
    `${name} is ${words(a)} on one side of a condition on a traced value, and ${words(b)} on the other`;
  return g.pairs.get(a)?.get(b) ?? chosen(g, a, b, what);
}

/** A choice between two, and what stands in for it when it is read. */
function chosen(g: Merger, a: unknown, b: unknown, what: () => string): Later {
  const { m, when, from, sides } = g;
  const inCell = (x: unknown, i: 0 | 1): unknown =>
    isScalar(x) || isConfined(m, x, from) ? own(m, new Cell(x), sides[i].region) : x;
  const choice = new Choice(when, inCell(a, 0), inCell(b, 1), what);
  let isDone = false;
  let standIn: Later = () => undefined;
  const later = (): Choice => {
    if (isDone) return choice;
    isDone = true;
    choice.standIn = standIn();
    for (const side of choice.sides) {
      const made = m.made.get(storageOf(side));
      if (made !== undefined) made.isChosen = true;
    }
    choice.stamps = [stampOf(m, choice.sides[0]), stampOf(m, choice.sides[1])];
    return choice;
  };
  // Known before its contents are merged: these may lead back to it.
  if (!isScalar(a) && !isScalar(b)) {
    let pairs = g.pairs.get(a);
    if (pairs === undefined) g.pairs.set(a, (pairs = new Map()));
    pairs.set(b, later);
  }
  if (choice.isChosenAtOnce) standIn = mergeContents(g, a, b);
  return later;
}

/** The contents of two arrays, objects or tensors of one kind, in one that is never changed. */
function mergeContents(g: Merger, a: unknown, b: unknown): Later {
  const { m, sides } = g;
  const [x, y] = [contentsOf(m, a, sides[0]), contentsOf(m, b, sides[1])];
  if (x === undefined || y === undefined || x.type !== y.type) return () => undefined;
  const [p, q] = [x.tensor, y.tensor];
  if (p !== undefined && q !== undefined && p.dtype === q.dtype && sameList(p.shape, q.shape))
    return g.leaf(p, q);
  const [v, w] = [x.entries(), y.entries()];
  if (!haveSameKeys(v, w) || Array.isArray(v) !== Array.isArray(w)) return () => undefined;
  const values = mergeEntries(g, v, w);
  return () => {
    const made = own(m, values());
    return x.type === undefined ? made : new TypedList(x.type, made as unknown[]);
  };
}

/** Two arrays of one length, two objects with the same keys, or the variables of two scopes. */
export function mergeEntries(g: Merger, x: object, y: object): Later<object> {
  if (Array.isArray(x)) {
    const elements = x.map((_, i) => merge(g, x[i], (y as unknown[])[i], `element ${i}`));
    return () => elements.map((element) => element());
  }
  const [v, w] = [x, y] as [Record<string, unknown>, Record<string, unknown>];
  const keys = Object.keys(v);
  const values = keys.map((key) => {
    // What was declared on one side only cannot be reached from the other.
    if (v[key] === undeclared) return ofSide(g, w[key], 1);
    return w[key] === undeclared ? ofSide(g, v[key], 0) : merge(g, v[key], w[key], key);
  });
  return () => Object.fromEntries(keys.map((key, i) => [key, values[i]!()]));
}

/** What only one side gives a value to: functions that were made there may still use it. */
export function ofSide(g: Merger, value: unknown, i: 0 | 1): Later {
  const { m, from, sides } = g;
  const later = isConfined(m, value, from) ? own(m, new Cell(value), sides[i].region) : value;
  return () => later;
}

/** Puts two values together, of which the condition chooses one. */
export function chooseValue(
  m: Machine,
  when: Truth,
  a: unknown,
  b: unknown,
  from: number,
): unknown {
  if (typeof when === "boolean") return when ? a : b;
  const g = new Merger(m, when, from);
  const value = merge(g, a, b);
  g.settle();
  return value();
}

type Scalar = number | boolean | Tensor;

function isScalar(x: unknown): x is Scalar {
  return typeof x === "number" || typeof x === "boolean" || isTracedScalar(x);
}

function isTruth(x: Scalar): x is Truth {
  return typeof x === "boolean" || (isTensor(x) && x.dtype === "bool");
}

/** Whether two arrays have the same length and the same holes, or two objects the same keys in the same order. */
export function haveSameKeys(a: object, b: object): boolean {
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return keys.length === others.length && keys.every((key, i) => key === others[i]);
}
