import { asTensor, isFloat, type Type } from "@diffrax-ts/program";
import { type Concrete, type Leaf, unflatten } from "@diffrax-ts/pytree";
import { leavesLike } from "./leavesLike.ts";
import type { LikeArguments } from "./LikeArguments.ts";
import { likeLeaf, ownLeaf } from "./leaves.ts";
import { runProgram } from "./runProgram.ts";
import { tracesOf } from "./TraceCache.ts";
import { vjpProgram } from "./transpose/vjpProgram.ts";
import { cotangentType, pick, zeros } from "./zeros.ts";

/** A value, and the function that takes a cotangent of it back to the arguments. */
export interface ValueAndVjp<Value, P = readonly unknown[]> {
  readonly value: Value;
  /** The cotangents of the arguments, as a list with the same kinds of leaves; zero for what is not a float. */
  readonly vjp: (cotangent: Concrete<Value>) => LikeArguments<P>;
}

/**
 * The value of a function, and its derivative backwards: reverse mode. The arguments are copied: what is done to an array later
 * does not change the derivative.
 *
 * @example
 * ```ts
 * import { vjp } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const product = vjp((x: Scalar, y: Scalar) => x.mul(y), 3, 4);
 * product.vjp(1);
 * // → [4, 3]
 * ```
 */
export function vjp<
  Args extends readonly unknown[],
  Result,
  const P extends { readonly [Key in keyof Args]: Concrete<Args[Key]> },
>(f: (...args: Args) => Result, ...primals: P): ValueAndVjp<Result, P> {
  const { leaves: given, traced } = tracesOf(f, "vjp").get(f, primals, "vjp");
  const leaves = given.map(ownLeaf);
  const floats = traced.types.map(({ dtype }) => isFloat(dtype));
  const mask = [...traced.captured.map(() => false), ...floats];
  const { program, outMask } = vjpProgram(traced.program, mask);
  const numOutputs = traced.program.outputs.length;
  const values = runProgram(traced.program, traced.captured, leaves, { name: "vjp" });
  const back = (cotangent: Concrete<Result>): LikeArguments<P> => {
    const flat = leavesLike(traced.output, traced.program.outputs, cotangent, "vjp: cotangent");
    const all = runProgram(program, traced.captured, [...leaves, ...pick(flat, outMask)], {
      name: "vjp",
    });
    const gradients = all.slice(numOutputs);
    let next = 0;
    const tree = leaves.map((leaf, i): Leaf =>
      floats[i] === true
        ? likeLeaf(gradients[next++]!, leaf)
        : likeLeaf(zeros(cotangentType(asTensor(leaf, "vjp") as unknown as Type)), leaf),
    );
    return unflatten(traced.structure, tree) as LikeArguments<P>;
  };
  return { value: unflatten(traced.output, values) as Result, vjp: back };
}
