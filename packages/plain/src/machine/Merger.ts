import { cond } from "@diffrax-ts/autodiff";
import { convert, numberAs, sameList, where } from "@diffrax-ts/program";
import { type Callable, type DType, isTensor, kindOf, type Tensor } from "@diffrax-ts/pytree";
import { elementsOf, isArrayLike } from "../values/elements.ts";
import { describe, dtypeOf, isTracedScalar, settled } from "../values/numbers.ts";
import { chooseTruth } from "../values/truth.ts";
import { type Machine, own, resolve } from "./Machine.ts";
import type { Truth } from "./Outcome.ts";
import { Unsettled } from "./Unsettled.ts";

/** Calls one of two functions, whichever a condition chooses. */
export type CallEither = (f: unknown, g: unknown, args: readonly unknown[]) => unknown;

/**
 * Puts the results of two branches together.
 *
 * What differs is noted first and chosen all at once: by `select`, where both sides are cheap; else by a `cond`,
 * inside which the operations of each branch are recorded again, so that only one is computed and differentiated.
 */
export class Merger {
  readonly #m: Machine;
  readonly #when: Tensor;
  readonly #from: number;
  readonly #callEither: CallEither;
  readonly #sides: [Tensor[], Tensor[]] = [[], []];
  #chosen: readonly Tensor[] = [];

  constructor(m: Machine, when: Tensor, from: number, callEither: CallEither) {
    this.#m = m;
    this.#when = when;
    this.#from = from;
    this.#callEither = callEither;
  }

  /** The value that is `a` if the condition holds and `b` if not; to be asked for after `settle`. */
  merge(x: unknown, y: unknown, name = "this value"): () => unknown {
    const { facts } = this.#m.tape;
    const a = facts.within(this.#when, true, () => resolve(this.#m, x));
    const b = facts.within(this.#when, false, () => resolve(this.#m, y));
    if (Object.is(a, b)) return () => a;
    const merged = this.#merge(a, b, name);
    return () => {
      const value = merged();
      if (isTensor(value) && value !== a && value !== b) {
        this.#m.choices.set(value, { when: this.#when, onTrue: a, onFalse: b });
      }
      return value;
    };
  }

  #merge(a: unknown, b: unknown, name: string): () => unknown {
    if (isScalar(a) && isScalar(b)) return this.#scalar(a, b, name);
    if (isTensor(a) && isTensor(b) && a.dtype === b.dtype && sameList(a.shape, b.shape))
      return this.#leaf(a, b);
    if (typeof a === "function" && typeof b === "function")
      return this.#function(a as Callable, b as Callable);
    if (isArrayLike(a) && isArrayLike(b)) {
      const [x, y] = [elementsOf(this.#m, a), elementsOf(this.#m, b)];
      if (x.length === y.length) return this.#container(a, b, this.contents(x, y));
    } else if (isRecord(a) && isRecord(b) && haveSameKeys(a, b)) {
      return this.#container(a, b, this.contents(a, b));
    }
    const [what, other] = [a, b].map((x) => (isTracedScalar(x) ? "a number" : describe(x)));
    const unsettled = this.#unsettled(
      `${name} is ${what} on one side of a condition on a traced value, and ${other} on the other`,
      a,
      b,
    );
    return () => unsettled;
  }

  /** What one of the sides holds may be used where it is known that the condition chose it. */
  #unsettled(what: string, a: unknown, b: unknown): Unsettled {
    const unsettled = new Unsettled(what);
    const only = (x: unknown, isTrue: boolean): (() => unknown) => {
      let guarded: unknown;
      return isFloat(x) ? () => (guarded ??= this.#only(x, isTrue)) : () => x;
    };
    const [onTrue, onFalse] = [only(a, true), only(b, false)];
    this.#m.choices.set(unsettled, {
      when: this.#when,
      get onTrue() {
        return onTrue();
      },
      get onFalse() {
        return onFalse();
      },
    });
    return unsettled;
  }

  /** A number that is computed on its side alone, and is NaN on the other. */
  #only(x: Tensor, isTrue: boolean): unknown {
    const nan = numberAs("condition", NaN, x.dtype);
    const merger = new Merger(this.#m, this.#when, this.#from, this.#callEither);
    const value = isTrue ? merger.#leaf(x, nan) : merger.#leaf(nan, x);
    merger.settle();
    return value();
  }

  /** The same for two arrays of one length, two objects or the variables of two scopes. */
  contents(a: object, b: object): () => object {
    if (Array.isArray(a)) {
      const other = b as readonly unknown[];
      const elements = a.map((_, i) => this.merge(a[i], other[i], `element ${i}`));
      return () => elements.map((element) => element());
    }
    const [x, y] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
    const pairs = Object.entries({ ...x, ...y }).map(([key, value]) => {
      // What was declared on one side only cannot be reached from the other.
      const isShared = key in x && key in y;
      return [key, isShared ? this.merge(x[key], y[key], key) : () => value] as const;
    });
    return () => Object.fromEntries(pairs.map(([key, value]) => [key, value()]));
  }

  /** Chooses; afterwards the values can be asked for. */
  settle(): void {
    const { tape } = this.#m;
    const [a, b] = this.#sides;
    if (a.length === 0) return;
    const [needA, needB] = [tape.needed(a, this.#from), tape.needed(b, this.#from)];
    this.#chosen =
      tape.areCostly(needA) || tape.areCostly(needB)
        ? cond(
            this.#when,
            () => tape.replay(needA, a),
            () => tape.replay(needB, b),
          )
        : a.map((x, i) => where(this.#when, x, b[i]!));
  }

  #leaf(a: Tensor, b: Tensor): () => unknown {
    const place = this.#sides[0].push(a) - 1;
    this.#sides[1].push(b);
    return () => settled(this.#chosen[place]);
  }

  #scalar(a: Scalar, b: Scalar, name: string): () => unknown {
    if (isTruth(a) && isTruth(b)) {
      const truth = this.#truth(a, b);
      if (truth !== undefined) return () => truth;
      return this.#leaf(a as Tensor, b as Tensor);
    }
    const { mixed, literals } = this.#m;
    const areLiterals = [a, b].every((value) => !isTensor(value) || literals.has(value));
    const dtype = dtypeOf(this.#m, [a, b]);
    const [x, y] = [a, b].map((value) => asFloat(value, dtype, literals)) as [Tensor, Tensor];
    if (x.dtype !== y.dtype) {
      const unsettled = this.#unsettled(
        `${name} is ${x.dtype} on one side of a condition and ${y.dtype} on the other`,
        x,
        y,
      );
      return () => unsettled;
    }
    const chosen = this.#leaf(x, y);
    const isMixed = isTruth(a) !== isTruth(b) || mixed.has(a as object) || mixed.has(b as object);
    return () => {
      const value = chosen();
      if (isMixed && isTensor(value)) mixed.add(value);
      if (areLiterals && isTensor(value)) literals.add(value);
      return value;
    };
  }

  /** Two truth values by logic alone, where one of them is known. */
  #truth(a: Truth, b: Truth): Truth | undefined {
    const isSimple =
      typeof a === "boolean" || typeof b === "boolean" || a === this.#when || b === this.#when;
    return isSimple ? chooseTruth(this.#when, a, b) : undefined;
  }

  #function(f: Callable, g: Callable): () => unknown {
    const either = (...args: readonly unknown[]): unknown => this.#callEither(f, g, args);
    this.#m.functions.add(either);
    return () => either;
  }

  #container(a: object, b: object, contents: () => object): () => unknown {
    const { born, origins, absorbed } = this.#m;
    return () => {
      const made = contents();
      if (!born.has(a) || !born.has(b)) return made;
      absorbed.add(a);
      absorbed.add(b);
      origins.set(made, [a, b]);
      return own(this.#m, made);
    };
  }
}

type Scalar = number | boolean | Tensor;

function isScalar(x: unknown): x is Scalar {
  return typeof x === "number" || typeof x === "boolean" || isTracedScalar(x);
}

function isTruth(x: Scalar): x is Truth {
  return typeof x === "boolean" || (isTensor(x) && x.dtype === "bool");
}

function isFloat(x: unknown): x is Tensor {
  return isTracedScalar(x) && x.dtype.startsWith("float");
}

function asFloat(x: Scalar, dtype: DType, literals: Set<object>): Tensor {
  if (isTensor(x)) return x.dtype.startsWith("float") && !literals.has(x) ? x : convert(x, dtype);
  return numberAs("condition", Number(x), dtype);
}

function isRecord(x: unknown): x is object {
  return (
    typeof x === "object" &&
    x !== null &&
    !isArrayLike(x) &&
    !isTensor(x) &&
    !(x instanceof Unsettled) &&
    kindOf(x) === undefined
  );
}

/** Whether two arrays have the same length, or two objects the same keys. */
export function haveSameKeys(a: object, b: object): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key));
}
