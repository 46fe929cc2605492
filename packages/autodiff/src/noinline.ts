import { type Callable, closureOf, derived, markWritten, writtenOf } from "@diffrax-ts/pytree";
import { requireFunction } from "./requireFunction.ts";

const noinlineKey: unique symbol = /* @__PURE__ */ Symbol.for("@diffrax-ts/noinline");

/**
 * Keeps a function out of line: compiled once and called, instead of being written out wherever it is used.
 *
 * A solver writes the vector field out for each of its stages. For a long one that makes large programs, which
 * take long to compile; called, it costs one to three nanoseconds more each time. Functions of more than 1000 operations that are used
 * in several places are called anyway.
 */
export function noinline<F extends Callable>(f: F): F {
  requireFunction("noinline", f);
  return (
    closureOf(f) === undefined ? outOfLine(f) : derived((makers ??= new WeakMap()), f, outOfLine)
  ) as F;
}

let makers: WeakMap<Callable, Callable> | undefined;

function outOfLine(f: Callable): Callable {
  const call = (...args: readonly unknown[]): unknown =>
    (f as unknown as (...args: readonly unknown[]) => unknown)(...args);
  Object.defineProperty(call, "name", { value: f.name });
  return Object.assign(markWritten(call, writtenOf(f)), { [noinlineKey]: f });
}

/** Whether a function is to be kept out of line. */
export function isNoinline(f: Callable): boolean {
  return noinlineKey in f;
}

/** The function that `noinline` was given; any other function as it is. */
export function withoutNoinline(f: Callable): Callable {
  return (f as { readonly [noinlineKey]?: Callable })[noinlineKey] ?? f;
}
