import { isFloat } from "@diffrax-ts/program";
import { type Callable, flatten, type Tensor, unflatten } from "@diffrax-ts/pytree";
import { forwardJvp } from "./jvp/forwardControl.ts";
import { runProgram } from "./runProgram.ts";
import { type TraceCache, traceCache } from "./traceTree.ts";
import { typeOf, zeros } from "./zeros.ts";

/** A value, and its derivative in one direction. */
export interface ValueAndTangent<Value> {
  readonly value: Value;
  readonly tangent: Value;
}

let caches: WeakMap<Callable, TraceCache> | undefined;

/** The traces of a function, kept as long as the function is. */
export function tracesOf(f: Callable): TraceCache {
  caches ??= new WeakMap();
  let cache = caches.get(f);
  if (cache === undefined) caches.set(f, (cache = traceCache()));
  return cache;
}

/**
 * The value of a function and its derivative in the direction of `tangents`: forward mode.
 *
 * @param primals - The arguments.
 * @param tangents - A list of the same structure: the direction. What is not a float there is not read.
 * @throws TypeError if `tangents` has another structure than `primals`.
 *
 * @example
 * ```ts
 * import { jvp } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const { tangent } = jvp((x: Scalar) => x.mul(x), [3], [1]);
 * tangent.item();
 * // → 6
 * ```
 */
export function jvp<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  primals: readonly unknown[],
  tangents: readonly unknown[],
): ValueAndTangent<Result> {
  const { leaves, traced } = tracesOf(f).get(f, primals, "jvp");
  const directions = flatten(tangents, "jvp: tangents").leaves;
  if (directions.length !== leaves.length) {
    throw new TypeError(
      `jvp: tangents: expected ${leaves.length} leaves as in primals, got ${directions.length}`,
    );
  }
  const mask = [
    ...traced.captured.map(() => false),
    ...traced.types.map(({ dtype }) => isFloat(dtype)),
  ];
  const { program, outMask } = forwardJvp(traced.program, mask);
  const active = directions.filter((_, i) => mask[i + traced.captured.length]);
  const all = runProgram(program, traced.captured, [...leaves, ...active], { name: "jvp" });
  const numOutputs = traced.program.outputs.length;
  let next = numOutputs;
  const values = all.slice(0, numOutputs);
  const dual = values.map((value, i): Tensor =>
    outMask[i] === true ? all[next++]! : zeros(typeOf(value)),
  );
  return {
    value: unflatten(traced.output, values) as Result,
    tangent: unflatten(traced.output, dual) as Result,
  };
}
