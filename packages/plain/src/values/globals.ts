import {
  abs,
  equal,
  floor,
  less,
  logicalAnd,
  notEqual,
  type TensorLike,
} from "@diffrax-ts/program";
import { type Callable, isTensor, type Tensor } from "@diffrax-ts/pytree";
import { isMissing } from "../isMissing.ts";
import { Choice } from "../machine/Choice.ts";
import { checkFresh, own } from "../machine/containers.ts";
import { standInOf } from "../machine/guards.ts";
import { perform } from "../machine/lift.ts";
import { fail, type Machine } from "../machine/Machine.ts";
import { elementAt, elementsOf, lengthFrom, liveElements, typedList } from "./elements.ts";
import { isArrayLike, isList } from "./isArrayLike.ts";
import { Iteration } from "./Iteration.ts";
import { named } from "./knownNames.ts";
import { type Builtin, mathFunctions } from "./math.ts";
import {
  compare,
  compute,
  isTracedScalar,
  kindOfScalar,
  refuseMixed,
  refuseUnsettled,
  truthOf,
} from "./numbers.ts";
import { outward } from "./outward.ts";
import { getProperty, hasOwn, setProperty } from "./properties.ts";
import { keyOf } from "./texts.ts";
import { type ElementType, storageOf } from "./TypedList.ts";

let builtins: ReadonlyMap<unknown, Builtin> | undefined;

/** What a function of JavaScript itself does with values of a reading. One that is not listed is not read. */
export function builtinOf(f: Callable): Builtin | undefined {
  const isNaNumber = (a: TensorLike): Tensor => notEqual(a, a);
  const isBounded = (a: TensorLike): Tensor => less(abs(a), Infinity);
  const ofNumber =
    (test: (a: TensorLike) => Tensor): Builtin =>
    (m, [x]) => {
      refuseMixed(m, x);
      return kindOfScalar(x) === "number" && compare(m, [x], test);
    };
  builtins ??= new Map<unknown, Builtin>([
    ...mathFunctions(),
    [named, (_, [f]) => f],
    [Number, (m, args) => (args.length === 0 ? 0 : numberFrom(m, args[0]))],
    [Boolean, (m, [x]) => truthOf(m, x)],
    [isNaN, (m, [x]) => compare(m, [numberFrom(m, x)], isNaNumber)],
    [isFinite, (m, [x]) => compare(m, [numberFrom(m, x)], isBounded)],
    [Number.isNaN, ofNumber(isNaNumber)],
    [Number.isFinite, ofNumber(isBounded)],
    [Number.isInteger, ofNumber((a) => logicalAnd(equal(a, floor(a)), isBounded(a)))],
    [Array, arrayOf],
    [Array.isArray, (m, [x]) => (refuseUnsettled(m, x), isList(x))],
    [Array.of, (m, args) => own(m, [...args])],
    [Array.from, (m, args) => own(m, listFrom(m, args))],
    [Object.keys, (m, [x]) => own(m, Object.keys(recordOf(m, x)))],
    [Object.values, (m, [x]) => own(m, Object.values(recordOf(m, x)))],
    [
      Object.entries,
      (m, [x]) =>
        own(
          m,
          Object.entries(recordOf(m, x)).map((pair) => own(m, pair)),
        ),
    ],
    [Object.fromEntries, fromEntries],
    [Object.hasOwn, (m, [x, key]) => hasOwn(m, x, keyOf(m, key))],
    [Object.freeze, (m, [x]) => freeze(m, x)],
    [Object.assign, assign],
    ...Object.values(console as unknown as Readonly<Record<string, Builtin>>).map(
      (f): [unknown, Builtin] => [
        f,
        (m, args) => (f as Callable as Log)(...args.map((x) => outward(m, x))),
      ],
    ),
  ]);
  return builtins.get(f);
}

/** Whether a function of JavaScript puts its arguments somewhere, or writes to them, and looks into none of them. */
export function keepsValues(f: Callable, args: readonly unknown[]): boolean {
  const isKeeper = f === named || f === Array.of || f === Object.freeze || f === Object.assign;
  return isKeeper || (f === (Array as unknown) && args.length !== 1) || isLog(f);
}

/** Whether a function writes what it is given to the console. */
export function isLog(f: Callable): boolean {
  return Object.values(console as unknown as Readonly<Record<string, unknown>>).includes(f);
}

type Log = (...args: readonly unknown[]) => unknown;

/** `Number(x)`. */
function numberFrom(m: Machine, x: unknown): unknown {
  if (typeof x === "string" || x === undefined) return Number(x);
  return compute(m, [x], (a) => a);
}

/** An object whose keys are read; the elements of an array are those of one, too. */
export function recordOf(m: Machine, x: unknown): object {
  refuseUnsettled(m, x);
  if (isArrayLike(x)) return Object.assign({}, elementsOf(m, x));
  if (typeof x !== "object" || x === null || isTensor(x) || x instanceof Iteration)
    return fail(m, "an object was expected", "look for a misspelt name");
  checkFresh(m, x);
  return x;
}

function fromEntries(m: Machine, [list]: readonly unknown[]): unknown {
  const record = own(m, {});
  const entries = liveElements(m, list);
  for (let i = 0; i < entries.length; i++) {
    const entry = elementAt(m, entries, i);
    setProperty(m, record, keyOf(m, getProperty(m, entry, 0)), getProperty(m, entry, 1));
  }
  return record;
}

/** Each of the objects that a choice is between: where it is another one, that is refused needlessly. */
function freeze(m: Machine, x: unknown): unknown {
  const values = x instanceof Choice ? x.options.map(({ value }) => value) : [x];
  for (const value of values) m.frozen.add(storageOf(value));
  return x;
}

function assign(m: Machine, [target, ...sources]: readonly unknown[]): unknown {
  for (const source of sources)
    perform(m, [target, standInOf(m, source)], (to, x) => {
      if (!isMissing(x))
        for (const [key, value] of Object.entries(recordOf(m, x))) setProperty(m, to, key, value);
    });
  return target;
}

/** `Array(...args)`. */
export function arrayOf(m: Machine, args: readonly unknown[]): unknown {
  const [first] = args;
  refuseMixed(m, first);
  if (args.length !== 1 || kindOfScalar(first) !== "number") return own(m, [...args]);
  const holes: unknown[] = [];
  holes.length = lengthFrom(m, first);
  return own(m, holes);
}

/** The elements of `Array.from(source, f)`. */
export function listFrom(m: Machine, [source, f]: readonly unknown[]): unknown[] {
  refuseUnsettled(m, source);
  const isShape =
    typeof source === "object" && source !== null && !isTensor(source) && !isIterable(source);
  const elements = isShape
    ? Array.from({ length: lengthFrom(m, getProperty(m, source, "length") ?? 0) }, (_, i) =>
        getProperty(m, source, i),
      )
    : elementsOf(m, source);
  return Array.from(elements, (x, i) => (f === undefined ? x : m.call(f, [x, i])));
}

function isIterable(x: unknown): boolean {
  return isArrayLike(x) || x instanceof Iteration;
}

/** `new Float64Array(source)`, and its kind. */
export function typedFrom(m: Machine, type: ElementType, source: unknown): unknown {
  refuseUnsettled(m, source);
  const isObject = typeof source === "function" || (typeof source === "object" && source !== null);
  if (isObject && !isTracedScalar(source)) return typedList(m, type, listFrom(m, [source]));
  const length = isObject ? source : Math.trunc(Number(source ?? 0)) || 0;
  return typedList(m, type, Array<number>(lengthFrom(m, length)).fill(0));
}
