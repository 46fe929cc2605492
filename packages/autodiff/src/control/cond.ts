import { alignCaptured, leafTensor, showType, traceProgram, type Type } from "@diffrax-ts/program";
import {
  flatten,
  flattenLike,
  type Leaf,
  type Structure,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import { runControl } from "../runProgram.ts";
import { asType } from "./asType.ts";

/**
 * `pred ? onTrue(...operands) : onFalse(...operands)`, as one equation: only one of the two is run.
 *
 * @param pred - A scalar truth value.
 * @returns What the branch returns: a tree that has the same structure, dtypes and shapes for both.
 * @throws TypeError if the branches differ in what they return.
 *
 * @example
 * ```ts
 * import { cond, jit } from "@diffrax-ts/autodiff";
 * import { gt, neg, sqrt } from "@diffrax-ts/program";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const signedRoot = jit((x: Scalar) => cond(gt(x, 0), (y) => sqrt(y), (y) => neg(sqrt(neg(y))), x));
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
  if (pred.dtype !== "bool" || pred.shape.length > 0) {
    throw new TypeError(
      `cond: pred: expected a scalar truth value, got ${showType(pred as unknown as Type)}`,
    );
  }
  let structure: Structure | undefined;
  let types: readonly Type[] = [];
  const trueSide = traceProgram([], () => {
    const flat = flatten(onTrue(...operands), "cond: onTrue");
    ({ structure } = flat);
    const tensors = flat.leaves.map((leaf) => leafTensor(leaf, "cond"));
    types = tensors.map((x) => x as unknown as Type);
    return tensors;
  });
  const falseSide = traceProgram([], () =>
    flattenLike(structure!, onFalse(...operands), "cond: onFalse").map((leaf: Leaf, i) =>
      asType(leaf, types[i]!),
    ),
  );
  const { programs, captured } = alignCaptured([falseSide, trueSide]);
  return unflatten(
    structure!,
    runControl("cond", [pred, ...captured], { branches: programs }),
  ) as Result;
}
