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
import { checkFresh, fail, type Machine, own, touch } from "../machine/Machine.ts";
import { elementsOf, emptyArray, isArrayLike } from "./elements.ts";
import { named } from "./knownNames.ts";
import { type Builtin, mathFunctions } from "./math.ts";
import { compare, compute, kindOfScalar, refuseUnsettled, truthOf } from "./numbers.ts";

let builtins: ReadonlyMap<unknown, Builtin> | undefined;

/** What a function of JavaScript itself does with values of a reading. */
export function builtinOf(f: Callable): Builtin | undefined {
  const typed = Float64Array as unknown as Readonly<Record<string, unknown>>;
  const isNaNumber = (a: TensorLike): Tensor => notEqual(a, a);
  const isBounded = (a: TensorLike): Tensor => less(abs(a), Infinity);
  const ofNumber =
    (test: (a: TensorLike) => Tensor): Builtin =>
    (m, [x]) =>
      kindOfScalar(x) === "number" && compare(m, [x], test);
  const toArray: Builtin = (m, args) => own(m, [...args]);
  builtins ??= new Map<unknown, Builtin>([
    ...mathFunctions(),
    [named, (_, [f]) => f],
    [Number, (m, [x]) => (typeof x === "string" ? Number(x) : compute(m, [x], (a) => a))],
    [Boolean, (m, [x]) => truthOf(m, x)],
    [isNaN, (m, [x]) => compare(m, [x], isNaNumber)],
    [isFinite, (m, [x]) => compare(m, [x], isBounded)],
    [Number.isNaN, ofNumber(isNaNumber)],
    [Number.isFinite, ofNumber(isBounded)],
    [Number.isInteger, ofNumber((a) => logicalAnd(equal(a, floor(a)), isBounded(a)))],
    [Array, arrayOf],
    [Array.isArray, (m, [x]) => (refuseUnsettled(m, x), Array.isArray(x))],
    [Array.of, toArray],
    [Array.from, listFrom],
    [typed["of"], toArray],
    [typed["from"], listFrom],
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
    [
      Object.fromEntries,
      (m, [x]) => own(m, Object.fromEntries(elementsOf(m, x) as [string, unknown][])),
    ],
    [Object.hasOwn, (m, [x, key]) => Object.hasOwn(recordOf(m, x), key as string)],
    [Object.freeze, (_, [x]) => x],
    [Object.assign, assign],
    ...Object.values(console as unknown as Readonly<Record<string, Builtin>>).map(
      (f): [unknown, Builtin] => [f, (_, args) => (f as Callable as Log)(...args)],
    ),
  ]);
  return builtins.get(f);
}

type Log = (...args: readonly unknown[]) => unknown;

/** An object whose keys are read; the elements of an array are those of one, too. */
export function recordOf(m: Machine, x: unknown): object {
  refuseUnsettled(m, x);
  if (isArrayLike(x)) return Object.assign({}, elementsOf(m, x));
  if (typeof x !== "object" || x === null || isTensor(x))
    return fail(m, "an object was expected", "look for a misspelt name");
  checkFresh(m, x);
  return x;
}

function assign(m: Machine, [target, ...sources]: readonly unknown[]): unknown {
  touch(m, target as object);
  for (const source of sources)
    if (!isMissing(source)) Object.assign(target as object, recordOf(m, source));
  return target;
}

/** `Array(...args)`. */
export function arrayOf(m: Machine, args: readonly unknown[]): unknown {
  const [first] = args;
  const isLength = args.length === 1 && typeof first === "number";
  return own(m, isLength ? emptyArray(m, first, undefined) : [...args]);
}

/** `Array.from(source, f)`. */
export function listFrom(m: Machine, [source, f]: readonly unknown[]): unknown {
  const isShape = typeof source === "object" && source !== null && !isArrayLike(source);
  const length = isShape ? (source as { readonly length?: unknown }).length : 0;
  const elements = isShape ? emptyArray(m, Number(length), undefined) : elementsOf(m, source);
  return own(m, f === undefined ? [...elements] : elements.map((x, i) => m.call(f, [x, i])));
}
