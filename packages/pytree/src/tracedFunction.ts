import type { Callable } from "./Leaf.ts";

const tracedKey: unique symbol = /* @__PURE__ */ Symbol.for("@diffrax-ts/traced");

/** A function that works on tensors. */
export interface TracedFunction {
  readonly [tracedKey]: true;
}

let wrappers: WeakMap<Callable, Callable> | undefined;

/**
 * Says that a function works on tensors: it is traced as it is, and not read as plain arithmetic. What its result depends on
 * should come in through its parameters: what it finds outside is a constant of the trace.
 *
 * @returns A function that does the same; the same one for the same `f`, so that traces of it are found again.
 *
 * @example
 * ```ts
 * import { type Tensor, traced } from "@diffrax-ts/pytree";
 *
 * const decay = traced((t: Tensor, y: Tensor) => y.neg());
 * decay.length;
 * // → 2
 * ```
 */
export function traced<F extends Callable>(f: F): F & TracedFunction {
  if (isTracedFunction(f)) return f;
  wrappers ??= new WeakMap();
  let wrapper = wrappers.get(f);
  if (wrapper === undefined) {
    const call = f as unknown as (...args: readonly unknown[]) => unknown;
    wrapper = markWritten(
      markTraced((...args: readonly unknown[]): unknown => call(...args)),
      f,
    );
    Object.defineProperty(wrapper, "length", { value: f.length });
    Object.defineProperty(wrapper, "name", { value: f.name });
    wrappers.set(f, wrapper);
  }
  return wrapper as F & TracedFunction;
}

/** Whether a function works on tensors. */
export function isTracedFunction<F extends Callable>(f: F): f is F & TracedFunction {
  return tracedKey in f;
}

/** Puts the mark of `traced` on this very function: for whoever makes functions that work on tensors. */
export function markTraced<F extends Callable>(f: F): F & TracedFunction {
  return Object.assign(f, { [tracedKey]: true } as const);
}

const writtenKey: unique symbol = /* @__PURE__ */ Symbol.for("@diffrax-ts/written");

/** Notes of a function which one was written: for whoever wraps functions of others. */
export function markWritten<F extends Callable>(f: F, written: Callable): F {
  return Object.assign(f, { [writtenKey]: written });
}

/** The function that somebody wrote, of one that the library has made of it. */
export function writtenOf(f: Callable): Callable {
  return (f as { readonly [writtenKey]?: Callable })[writtenKey] ?? f;
}
