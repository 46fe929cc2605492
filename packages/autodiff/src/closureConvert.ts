import { asTensor } from "@diffrax-ts/program";
import { type Tensor, unflatten } from "@diffrax-ts/pytree";
import { leavesLike } from "./leavesLike.ts";
import { runProgram } from "./runProgram.ts";
import { tracesOf } from "./TraceCache.ts";

/** A function without what it used from outside, and that. */
export interface Converted<Args extends readonly unknown[], Result> {
  /** To be called with arguments like those it was converted for, and after them `captured` or other values like these. */
  readonly converted: (...args: readonly [...Args, ...(readonly Tensor[])]) => Result;
  /** The traced values that it used from outside. */
  readonly captured: readonly Tensor[];
}

/**
 * Makes the traced values that a function uses from outside arguments of it, which come after its own.
 *
 * For what takes a function and has rules for its arguments only, as `customVjp` does.
 *
 * @param args - The function is traced for arguments like these.
 *
 * @example
 * ```ts
 * import { closureConvert, grad } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const square = (k: Scalar) => {
 *   const { converted, captured } = closureConvert((x: Scalar) => x.mul(k), 1);
 *   return converted(k, ...captured);
 * };
 * grad(square)(3);
 * // → 6
 * ```
 */
export function closureConvert<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  ...args: readonly unknown[]
): Converted<Args, Result> {
  const name = "closureConvert";
  const { traced } = tracesOf(f, name).get(f, args, name);
  const { program, captured, structure, output } = traced;
  const converted = (...all: readonly unknown[]): Result => {
    const own = all.slice(0, args.length);
    const outside = all.slice(args.length).map((x) => asTensor(x as Tensor, name));
    if (outside.length !== captured.length) {
      throw new TypeError(
        `${name}: expected ${args.length} arguments and ${captured.length} captured values, got ${all.length} in all`,
      );
    }
    const leaves = leavesLike(structure, traced.types, own, `${name}: arguments`);
    return unflatten(output, runProgram(program, outside, leaves, { name })) as Result;
  };
  return { converted, captured };
}
