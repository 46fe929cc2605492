import { apply, asTensor, type DerivedParams } from "@diffrax-ts/program";
import { type Callable, markWritten, unflatten, writtenOf } from "@diffrax-ts/pytree";
import { requireFunction } from "../requireFunction.ts";
import { isOutermost, runProgram } from "../runProgram.ts";
import { TraceCache } from "../TraceCache.ts";
import { traceTree } from "../traceTree.ts";
import { type CustomRule, ruleName } from "./CustomRule.ts";

/** A function that becomes one equation, which knows how it is differentiated. */
export function customCall(
  f: Callable,
  kind: string,
  equation: (rule: CustomRule) => DerivedParams,
): (...args: readonly unknown[]) => unknown {
  const name = ruleName(kind, requireFunction(kind, f));
  const cache = new TraceCache((...where: Parameters<typeof traceTree>) => {
    const traced = traceTree(...where);
    const numCaptured = traced.captured.length;
    return { ...traced, params: equation({ ...traced, name, numCaptured }) };
  });
  const call = (...args: readonly unknown[]): unknown => {
    const { leaves, traced } = cache.get(f, args, name);
    const { program, captured, params, output } = traced;
    const results = isOutermost(captured, leaves)
      ? runProgram(program, captured, leaves, { name })
      : apply("derived", [...captured, ...leaves.map((leaf) => asTensor(leaf, name))], params);
    return unflatten(output, results);
  };
  return markWritten(call, writtenOf(f));
}
