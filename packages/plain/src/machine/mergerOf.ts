import { cond } from "@diffrax-ts/autodiff";
import { isFloat, numberAs, sameList, type TensorLike, where } from "@diffrax-ts/program";
import { isTensor, kindOf, type Tensor } from "@diffrax-ts/pytree";
import { elementsOf, isArrayLike } from "../values/elements.ts";
import { elementTypeOf, TypedList } from "../values/TypedList.ts";
import { describe, dtypeOf, isTracedScalar, numbersOf, settled } from "../values/numbers.ts";
import { chooseTruth } from "../values/truth.ts";
import { type Machine, own, resolve, undeclared } from "./Machine.ts";
import type { Truth } from "./Outcome.ts";
import { Unsettled } from "./Unsettled.ts";

/**
 * Puts the results of two branches together.
 *
 * What differs is noted first and chosen all at once: by `select`, where both sides are cheap; else by a `cond`,
 * inside which the operations of each branch are recorded again, so that only one is computed and differentiated.
 */
export interface Merger {
  /** The value that is `x` if the condition holds and `y` if not; to be asked for after `settle`. */
  readonly merge: (x: unknown, y: unknown, name?: string) => () => unknown;
  /** The same for two tensors of one type. */
  readonly leaf: (x: Tensor, y: Tensor) => () => unknown;
  /** The same for two arrays of one length, two objects or the variables of two scopes. */
  readonly contents: (x: object, y: object) => () => object;
  /** Chooses; afterwards the values can be asked for. */
  readonly settle: () => void;
}

/** @param from - The place on the tape before which nothing was computed that only one of the branches needs. */
export function mergerOf(m: Machine, when: Tensor, from: number): Merger {
  const { tape, choices, mixed, literals } = m;
  const onTrue: Tensor[] = [];
  const onFalse: Tensor[] = [];
  let chosen: readonly Tensor[] = [];

  const settle = (): void => {
    if (onTrue.length === 0) return;
    const [needA, needB] = [tape.needed(onTrue, from), tape.needed(onFalse, from)];
    chosen =
      tape.areCostly(needA) || tape.areCostly(needB)
        ? cond(
            when,
            () => tape.replay(needA, onTrue),
            () => tape.replay(needB, onFalse),
          )
        : onTrue.map((x, i) => where(when, x, onFalse[i]!));
  };

  const leaf = (a: Tensor, b: Tensor): (() => unknown) => {
    const place = onTrue.push(a) - 1;
    onFalse.push(b);
    return () => settled(chosen[place]);
  };

  const scalar = (a: Scalar, b: Scalar, name: string): (() => unknown) => {
    if (isTruth(a) && isTruth(b)) {
      // By logic alone, where one of them is known.
      if (typeof a === "boolean" || typeof b === "boolean" || a === when || b === when) {
        const truth = chooseTruth(when, a, b);
        return () => truth;
      }
      return leaf(a, b);
    }
    const both = [a, b];
    const areLiterals = both.every((value) => !isTensor(value) || literals.has(value));
    const isMixed = isTruth(a) !== isTruth(b) || both.some((value) => mixed.has(value as object));
    const dtype = dtypeOf(m, both);
    const [x, y] = numbersOf(m, both).map((value: TensorLike) =>
      typeof value === "number" ? numberAs("condition", value, dtype) : (value as Tensor),
    ) as [Tensor, Tensor];
    if (x.dtype !== y.dtype)
      return unsettled(
        `${name} is ${x.dtype} on one side of a condition and ${y.dtype} on the other`,
        x,
        y,
      );
    const number = leaf(x, y);
    return () => {
      const value = number();
      if (isMixed && isTensor(value)) mixed.add(value);
      if (areLiterals && isTensor(value)) literals.add(value);
      return value;
    };
  };

  const container = (a: object, b: object, values: () => object): (() => unknown) => {
    if (!m.born.has(a) || !m.born.has(b)) return values;
    return () => {
      const made = own(m, values());
      for (const origin of [a, b]) m.absorbed.set(origin, m.absorbed.get(origin) ?? false);
      m.origins.set(made, [a, b]);
      return made;
    };
  };

  const either = (a: object, b: object, values: () => object): (() => unknown) => {
    const type = elementTypeOf(a);
    if (type === undefined) return container(a, b, values);
    if (isWholeTyped(a) && isWholeTyped(b)) {
      const storage = container(a.storage, b.storage, values);
      return () => new TypedList(type, storage() as unknown[]);
    }
    for (const list of [a, b])
      if (list instanceof TypedList)
        m.absorbed.set(list.storage, m.absorbed.get(list.storage) ?? false);
    return () => new TypedList(type, values() as unknown[]);
  };

  /** What one of the sides holds may be used where it is known that the condition chose it. */
  const unsettled = (what: string, a: unknown, b: unknown): (() => unknown) => {
    /** A number is computed on its side alone, and is NaN on the other. */
    const only = (x: unknown, is: boolean): unknown => {
      if (!isTracedScalar(x) || !isFloat(x.dtype)) return x;
      const nan = numberAs("condition", NaN, x.dtype);
      const merger = mergerOf(m, when, from);
      const number = merger.leaf(is ? x : nan, is ? nan : x);
      merger.settle();
      return number();
    };
    const value = new Unsettled(what);
    const made: unknown[] = [];
    choices.set(value, { when, side: (is) => (made[Number(is)] ??= only(is ? a : b, is)) });
    return () => value;
  };

  const different = (a: unknown, b: unknown, name: string): (() => unknown) => {
    if (isScalar(a) && isScalar(b)) return scalar(a, b, name);
    if (isTensor(a) && isTensor(b) && a.dtype === b.dtype && sameList(a.shape, b.shape))
      return leaf(a, b);
    if (typeof a === "function" && typeof b === "function") {
      const either = (...args: readonly unknown[]): unknown =>
        m.lift(either, (f) => m.call(f, args));
      m.functions.add(either);
      return () => either;
    }
    if (isArrayLike(a) && isArrayLike(b) && elementTypeOf(a) === elementTypeOf(b)) {
      const [x, y] = [elementsOf(m, a), elementsOf(m, b)];
      if (x.length === y.length) return either(a, b, contents(x, y));
    } else if (isRecord(a) && isRecord(b) && haveSameKeys(a, b))
      return container(a, b, contents(a, b));
    const [what, other] = [a, b].map((x) => (isTracedScalar(x) ? "a number" : describe(x)));
    return unsettled(
      `${name} is ${what} on one side of a condition on a traced value, and ${other} on the other`,
      a,
      b,
    );
  };

  const merge: Merger["merge"] = (x, y, name = "this value") => {
    const a = tape.facts.within(when, true, () => resolve(m, x));
    const b = tape.facts.within(when, false, () => resolve(m, y));
    if (Object.is(a, b)) return () => a;
    const merged = different(a, b, name);
    return () => {
      const value = merged();
      const isChoice = isTensor(value) || typeof value === "function";
      if (isChoice && value !== a && value !== b)
        choices.set(value, { when, side: (is) => (is ? a : b) });
      return value;
    };
  };

  const contents: Merger["contents"] = (a, b) => {
    if (Array.isArray(a)) {
      const other = b as readonly unknown[];
      const elements = a.map((_, i) => merge(a[i], other[i], `element ${i}`));
      return () => elements.map((element) => element());
    }
    const [x, y] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
    const values = Object.keys(x).map((key) => {
      // What was declared on one side only cannot be reached from the other.
      if (x[key] === undeclared) return () => y[key];
      return y[key] === undeclared ? () => x[key] : merge(x[key], y[key], key);
    });
    return () => Object.fromEntries(Object.keys(x).map((key, i) => [key, values[i]!()]));
  };

  return { merge, leaf, contents, settle };
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
  const { merge, settle } = mergerOf(m, when, from);
  const value = merge(a, b);
  settle();
  return value();
}

type Scalar = number | boolean | Tensor;

function isScalar(x: unknown): x is Scalar {
  return typeof x === "number" || typeof x === "boolean" || isTracedScalar(x);
}

function isTruth(x: Scalar): x is Truth {
  return typeof x === "boolean" || (isTensor(x) && x.dtype === "bool");
}

function isRecord(x: unknown): x is object {
  return (
    typeof x === "object" &&
    x !== null &&
    Object.getPrototypeOf(x) === Object.prototype &&
    kindOf(x) === undefined
  );
}

/** Whether it is a typed array that shares its elements with no other. */
function isWholeTyped(x: unknown): x is TypedList {
  return x instanceof TypedList && x.length === x.storage.length;
}

/** Whether two arrays have the same length, or two objects the same keys. */
export function haveSameKeys(a: object, b: object): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key));
}
