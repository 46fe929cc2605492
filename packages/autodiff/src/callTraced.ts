import type { Type } from "@diffrax-ts/program";
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

/** What `callTraced` would return: the structure, and the types of the leaves. */
export function resultTypes(
  f: Callable,
  args: readonly unknown[],
  name: string,
): { readonly structure: Structure; readonly types: readonly Type[] } {
  const { traced } = tracedCall(f, args, name);
  return { structure: traced.output, types: traced.program.outputs };
}
