import {
  alignCaptured,
  asTensor,
  type Atom,
  leafType,
  numberAs,
  type Type,
} from "@diffrax-ts/program";
import { type Flat, flattenLike, type Tensor, unflatten } from "@diffrax-ts/pytree";
import { leavesLike } from "../leavesLike.ts";
import { requireFunction } from "../requireFunction.ts";
import { runControl } from "../runProgram.ts";
import { flattenResult, traceBody } from "../traceTree.ts";
import { requireTruth } from "./requireTruth.ts";

/**
 * `pred ? onTrue(...operands) : onFalse(...operands)`, as one equation: only one of the two is run.
 *
 * @param pred - A scalar truth value.
 * @returns What the branch returns: a tree that has the same structure, dtypes and shapes for both.
 * @throws TypeError if the branches differ in what they return; a number takes the dtype of what the other returns.
 *
 * @example
 * ```ts
 * import { cond, jit } from "@diffrax-ts/autodiff";
 * import { greater, neg, sqrt } from "@diffrax-ts/program";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const signedRoot = jit((x: Scalar) => cond(greater(x, 0), (y) => sqrt(y), (y) => neg(sqrt(neg(y))), x));
 * [signedRoot(4).item(), signedRoot(-9).item()];
 * // → [2, -3]
 * ```
 */
export function cond<Operands extends readonly unknown[], Result>(
  pred: Tensor,
  onTrue: (...operands: Operands) => Result,
  onFalse: (...operands: Operands) => NoInfer<Result>,
  ...operands: Operands
): Result {
  requireTruth("cond: pred", pred);
  let first: Flat | undefined;
  const trueSide = traceBody("cond: onTrue", [], () => {
    first = flattenResult(requireFunction("cond: onTrue", onTrue)(...operands), "cond: onTrue");
    return first.leaves.map((leaf) => asTensor(leaf, "cond"));
  });
  const { structure, leaves } = first!;
  let types: readonly Type[] = trueSide.program.outputs;
  const falseSide = traceBody("cond: onFalse", [], () => {
    const result = requireFunction("cond: onFalse", onFalse)(...operands);
    const others = flattenLike(structure, result, "cond: onFalse");
    // Numbers take the dtype of what the other branch returns there.
    types = types.map((type, i) =>
      typeof leaves[i] === "number" ? { ...type, dtype: leafType(others[i]!, "cond").dtype } : type,
    );
    return leavesLike(structure, types, result, "cond: onFalse", " as in onTrue");
  });
  const outputs = trueSide.program.outputs.map((x, i): Atom => {
    const leaf = leaves[i];
    return typeof leaf === "number" ? (numberAs("cond", leaf, types[i]!.dtype) as Atom) : x;
  });
  const sides = [falseSide, { ...trueSide, program: { ...trueSide.program, outputs } }];
  const { programs, captured } = alignCaptured(sides);
  return unflatten(
    structure,
    runControl("cond", [pred, ...captured], { branches: programs }),
  ) as Result;
}
