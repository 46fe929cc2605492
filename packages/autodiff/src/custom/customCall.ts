import { apply, type DerivedParams, isTraced, leafTensor, traceContext } from "@diffrax-ts/program";
import { type Callable, isTensor, type Leaf, unflatten } from "@diffrax-ts/pytree";
import { runProgram } from "../runProgram.ts";
import { TraceCache, type TracedFunction } from "../traceTree.ts";
import { type CustomRule, ruleName } from "./CustomRule.ts";

/** A function that becomes one equation, which knows how it is differentiated. */
export function customCall(
  f: Callable,
  kind: string,
  equation: (rule: CustomRule) => DerivedParams,
): (...args: readonly unknown[]) => unknown {
  const name = ruleName(kind, f);
  const cache = new TraceCache((traced: TracedFunction) => {
    const numCaptured = traced.captured.length;
    return { ...traced, params: equation({ ...traced, name, numCaptured }) };
  });
  return (...args) => {
    const { leaves, traced } = cache.get(f, args, name);
    const { program, captured, params, output } = traced;
    const isOuter =
      traceContext().current === null || (captured.length === 0 && !leaves.some(isTracedLeaf));
    const results = isOuter
      ? runProgram(program, captured, leaves, { name })
      : apply("derived", [...captured, ...leaves.map((leaf) => leafTensor(leaf, name))], params);
    return unflatten(output, results);
  };
}

function isTracedLeaf(leaf: Leaf): boolean {
  return isTensor(leaf) && isTraced(leaf);
}
