import type { Callable } from "./Leaf.ts";

const closureKey: unique symbol = /* @__PURE__ */ Symbol.for("@diffrax-ts/closure");

/** A function and what it uses from outside, apart. */
export interface Closure {
  /** Makes the function that uses other data; the same one for all functions that differ in their data alone. */
  readonly make: (data: unknown) => Callable;
  /** A tree. Its leaves are leaves of every tree in which the function stands. */
  readonly data: unknown;
  /** Whether it has to stay as it is after all: it then belongs to the structure of a tree, like any other function. */
  readonly isConstant: (() => boolean) | undefined;
}

/**
 * Marks a function as one that uses data from outside: in a tree it is no constant, but a container of these data. Two of them with
 * one `make` have one structure, so that what was traced for one is found for the other.
 *
 * @param f - What `make(data)` gives.
 * @returns `f` itself.
 *
 * @example
 * ```ts
 * import { closure, leaves } from "@diffrax-ts/pytree";
 *
 * const make = (k: unknown) => closure((x: number) => (k as number) * x, { make, data: k });
 * leaves({ law: make(3) });
 * // → [3]
 * ```
 */
export function closure<F extends Callable>(
  f: F,
  { make, data, isConstant }: Omit<Closure, "isConstant"> & Partial<Closure>,
): F {
  (f as { [closureKey]?: Closure })[closureKey] = { make, data, isConstant };
  return f;
}

/** The parts of a closure whose data are leaves; `undefined` for all else. */
export function closureOf(f: unknown): Closure | undefined {
  if (typeof f !== "function") return undefined;
  const parts = partsOf(f as Callable);
  return parts === undefined || parts.isConstant?.() === true ? undefined : parts;
}

function partsOf(f: Callable): Closure | undefined {
  return (f as { readonly [closureKey]?: Closure })[closureKey];
}

/** Tells functions that differ in their data alone from others: for caches that go by functions. */
export function codeOf(f: Callable): Callable {
  return closureOf(f)?.make ?? f;
}

/**
 * What is made of a function: made once, and of a closure a closure of the same data.
 *
 * @param known - What was made so far.
 */
export function derived(
  known: WeakMap<Callable, Callable>,
  f: Callable,
  wrap: (f: Callable) => Callable,
): Callable {
  const parts = closureOf(f);
  if (parts === undefined) {
    let made = known.get(f);
    if (made === undefined) known.set(f, (made = wrap(f)));
    return made;
  }
  const { make, data, isConstant } = parts;
  let derive = known.get(make) as Closure["make"] | undefined;
  if (derive === undefined) {
    const derives: Closure["make"] = (other) => {
      const inner = make(other);
      return closure(wrap(inner), { ...partsOf(inner), make: derives, data: other });
    };
    known.set(make, (derive = derives));
  }
  return closure(wrap(f), { make: derive, data, isConstant });
}

/**
 * A closure was called with data that are traced, and has to know them: whoever traces it makes it a constant, where they are known,
 * and traces again.
 */
export class ConstantWanted extends Error {}
