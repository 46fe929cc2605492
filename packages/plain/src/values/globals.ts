import { abs, and, eq, floor, lt, ne } from "@diffrax-ts/program";
import type { Callable } from "@diffrax-ts/pytree";
import { checkFresh, fail, type Machine, own, touch } from "../machine/Machine.ts";
import { elementsOf, isArrayLike } from "./elements.ts";
import { emptyArray } from "./construct.ts";
import { named } from "./knownNames.ts";
import { type Builtin, mathFunctions } from "./math.ts";
import { compare, compute, isTracedScalar, refuseUnsettled, truthOf } from "./numbers.ts";
import { isMissing } from "../isMissing.ts";

let builtins: ReadonlyMap<unknown, Builtin> | undefined;

/** What a function of JavaScript itself does with values of a reading. */
export function builtinOf(f: Callable): Builtin | undefined {
  const typed = Float64Array as unknown as Readonly<Record<string, unknown>>;
  builtins ??= new Map<unknown, Builtin>([
    ...mathFunctions(),
    [named, (_, [f]) => f],
    [Number, (m, [x]) => (typeof x === "string" ? Number(x) : compute(m, [x], (a) => a))],
    [Boolean, (m, [x]) => truthOf(m, x)],
    [isNaN, (m, [x]) => compare(m, [x], (a) => ne(a, a))],
    [isFinite, (m, [x]) => compare(m, [x], (a) => lt(abs(a), Infinity))],
    [Number.isNaN, (m, [x]) => isNumber(x) && compare(m, [x], (a) => ne(a, a))],
    [Number.isFinite, (m, [x]) => isNumber(x) && compare(m, [x], (a) => lt(abs(a), Infinity))],
    [
      Number.isInteger,
      (m, [x]) => isNumber(x) && compare(m, [x], (a) => and(eq(a, floor(a)), lt(abs(a), Infinity))),
    ],
    [
      Array,
      (m, args) =>
        own(
          m,
          args.length === 1 && typeof args[0] === "number"
            ? emptyArray(m, args[0], undefined)
            : [...args],
        ),
    ],
    [Array.isArray, (m, [x]) => (refuseUnsettled(m, x), Array.isArray(x))],
    [Array.of, (m, args) => own(m, [...args])],
    [Array.from, fromList],
    [typed["of"], (m, args) => own(m, [...args])],
    [typed["from"], fromList],
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
    ...Object.values(console as unknown as Readonly<Record<string, Callable>>).map(
      (f): [unknown, Builtin] => [
        f,
        (_, args) => (f as (...args: readonly unknown[]) => unknown)(...args),
      ],
    ),
  ]);
  return builtins.get(f);
}

function isNumber(x: unknown): boolean {
  return typeof x === "number" || (isTracedScalar(x) && x.dtype !== "bool");
}

function recordOf(m: Machine, x: unknown): object {
  refuseUnsettled(m, x);
  if (isArrayLike(x)) return Object.assign({}, elementsOf(m, x));
  if (typeof x !== "object" || x === null || isTracedScalar(x))
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

function fromList(m: Machine, [source, f]: readonly unknown[]): unknown {
  const isShape = typeof source === "object" && source !== null && !isArrayLike(source);
  const length = isShape ? (source as { readonly length?: unknown }).length : 0;
  const elements = isShape ? emptyArray(m, Number(length), undefined) : elementsOf(m, source);
  return own(m, f === undefined ? [...elements] : elements.map((x, i) => m.call(m, f, [x, i])));
}
