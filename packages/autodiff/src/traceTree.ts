import {
  asTensor,
  type Closed,
  programBytes,
  Trace,
  traceContext,
  type Type,
  withTrace,
} from "@diffrax-ts/program";
import {
  type Callable,
  flatten,
  type Structure,
  type Tensor,
  unflattenUnwrapped,
} from "@diffrax-ts/pytree";
import { noteTrace } from "./checkTraces.ts";
import type { TreeProgram } from "./TreeProgram.ts";

/** For which arguments a function is traced, and what calls it. */
export type TraceParameters = readonly [structure: Structure, types: readonly Type[], name: string];

/**
 * Traces a function: its tensors and numbers become traced values, and the rest of its arguments stays as it is.
 *
 * @param structure - Of the list of arguments.
 * @param types - Of the leaves of the arguments.
 * @param name - What calls it, for errors.
 */
export function traceTree(
  f: Callable,
  structure: Structure,
  types: readonly Type[],
  name: string,
): TreeProgram {
  let output: Structure | undefined;
  const { program, captured } = traceBody(name, types, (inputs) => {
    const args = unflattenUnwrapped(structure, inputs) as readonly unknown[];
    const result: unknown = (f as (...args: readonly unknown[]) => unknown)(...args);
    const flat = flattenResult(result, name);
    output = flat.structure;
    return flat.leaves.map((leaf) => asTensor(leaf, name));
  });
  const bytes = programBytes(program);
  const traced = { structure, types, program, captured, output: output!, bytes };
  noteTrace(traced);
  return traced;
}

/**
 * Traces a function of tensors that somebody wrote.
 *
 * @throws TypeError if it compares traced values and nothing comes of it, or asks how a solve ended and does nothing with the answer.
 */
export function traceBody(
  name: string,
  types: readonly Type[],
  f: (inputs: readonly Tensor[]) => readonly Tensor[],
): Closed {
  const trace = new Trace(traceContext().current);
  const inputs = types.map((type) => trace.input(type));
  return withTrace(trace, () => {
    const outputs = f(inputs);
    const unused = trace.unusedComparison(outputs);
    if (unused !== undefined) {
      throw new TypeError(
        `${name}: the result of a comparison (${unused}) was not used; a traced value has no truth value yet, ` +
          "so write np.where(condition, a, b) or cond(condition, …) instead of if, &&, || and ?:",
      );
    }
    const advice = trace.unusedAnswer(outputs);
    if (advice !== undefined) throw new TypeError(`${name}: ${advice}`);
    return trace.finish(inputs, outputs);
  });
}

/** The leaves of what a function returned. */
export function flattenResult(result: unknown, name: string): ReturnType<typeof flatten> {
  if (result === undefined) {
    throw new TypeError(
      `${name}: the function returned nothing; write its result after return, or without braces`,
    );
  }
  if (result instanceof Promise) {
    throw new TypeError(
      `${name}: the function returned a promise; a traced function cannot be async`,
    );
  }
  return flatten(result, `${name}: result`);
}
