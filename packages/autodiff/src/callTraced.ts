import { isEquation, type Program, type Type } from "@diffrax-ts/program";
import { type Callable, type Structure, unflatten } from "@diffrax-ts/pytree";
import { isNoinline } from "./noinline.ts";
import { runProgram } from "./runProgram.ts";
import { tracedCall } from "./TraceCache.ts";

/**
 * Calls a function of tensors as one equation: it is traced once, however often it is called with arguments of one
 * structure, and each call refers to the same program.
 *
 * @param name - What the function is, for errors.
 */
export function callTraced(f: Callable, args: readonly unknown[], name: string): unknown {
  const { leaves, traced } = tracedCall(f, args, name);
  const results = runProgram(traced.program, traced.captured, leaves, {
    name,
    inline: !isNoinline(f),
  });
  return unflatten(traced.output, results);
}

/** A function of more operations is kept out of line: calling it takes little time beside running it. */
const mostInline = 1000;

/**
 * The same for a function that may be very long, and is called in several places: then it stays a function, in derivatives as well, instead
 * of being written out in each of them.
 */
export function callShared(f: Callable, args: readonly unknown[], name: string): unknown {
  const { leaves, traced } = tracedCall(f, args, name);
  const inline = !isNoinline(f) && leftOf(traced.program, mostInline) >= 0;
  const results = runProgram(traced.program, traced.captured, leaves, { name, inline });
  return unflatten(traced.output, results);
}

/** How many operations are left of so many, after those of a program and of those that it calls; below 0 for too few. */
function leftOf({ equations }: Program, most: number): number {
  let left = most - equations.length;
  for (const equation of equations) {
    if (left < 0) break;
    if (isEquation(equation, "call")) left = leftOf(equation.params.program, left);
  }
  return left;
}

/** What `callTraced` would return: the structure, and the types of the leaves. */
export function resultTypes(
  f: Callable,
  args: readonly unknown[],
  name: string,
): { readonly structure: Structure; readonly types: readonly Type[] } {
  const { traced } = tracedCall(f, args, name);
  return { structure: traced.output, types: traced.program.outputs };
}
