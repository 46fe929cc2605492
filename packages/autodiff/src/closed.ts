import { traceContext } from "@diffrax-ts/program";
import type { Callable, Tensor } from "@diffrax-ts/pytree";
import { closureConvert } from "./closureConvert.ts";

/** A function, and the traced values that it has to be given after its own arguments. */
export interface ClosedFunction {
  readonly fn: Callable;
  readonly captured: readonly Tensor[];
}

/**
 * A function without traced values from outside, as `closureConvert` makes it, for what has derivatives with respect to its arguments alone. Outside of a
 * trace there are none, and a function that uses none stays itself: it is traced once.
 *
 * @param args - Of the kind that it will be called with.
 */
export function closed(fn: Callable, ...args: readonly unknown[]): ClosedFunction {
  if (traceContext().current === null) return { fn, captured: [] };
  const { converted, captured } = closureConvert(fn as never, ...args);
  return captured.length === 0 ? { fn, captured } : { fn: converted, captured };
}
