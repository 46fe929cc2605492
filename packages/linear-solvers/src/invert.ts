import { callTraced, type ShapeTree } from "@diffrax-ts/autodiff";
import type { Concrete } from "@diffrax-ts/pytree";
import { checkIterationOptions, checkSolveOptions } from "./checkSystem.ts";
import { inSize, outSize } from "./flat.ts";
import type { LinearOperator } from "./LinearOperator.ts";
import type { LinearSolver } from "./LinearSolver.ts";
import { linearSolve } from "./linearSolve.ts";
import type { LinearSolveOptions } from "./LinearSolveOptions.ts";
import { FunctionLinearOperator } from "./operators/FunctionLinearOperator.ts";
import { isLowerTriangular, isUpperTriangular } from "./properties.ts";
import { prepare } from "./solveEquation.ts";
import { AutoLinearSolver } from "./solvers/AutoLinearSolver.ts";
import { LINEAR_TAGS, type LinearTag } from "./tags.ts";

/**
 * The inverse of an operator, or its pseudoinverse, as an operator: each product is a solve, and what the solver has to know of the operator is
 * found once. For a preconditioner that is the inverse of something simpler.
 *
 * @param options - Those of `linearSolve`.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { invert, MatrixLinearOperator } from "@diffrax-ts/linear-solvers";
 *
 * const inverse = invert(MatrixLinearOperator(tensor([[2, 0], [0, 4]])));
 * inverse.mv(tensor([2, 2])).toArray();
 * // → [1, 0.5]
 * ```
 */
export function invert<In, Out>(
  operator: LinearOperator<In, Out>,
  options: LinearSolveOptions<In> = {},
): FunctionLinearOperator<Out, In> {
  const checked = checkSolveOptions(options);
  const { solver = AutoLinearSolver({ wellPosed: true }) } = checked;
  const inputs = checkIterationOptions(operator, checked.options);
  const state = checked.state ?? callTraced(prepare, [solver, operator, inputs], "invert");
  // The checker does not know of a type parameter that it is a tree of tensors, which has another type once it is concrete.
  const solve = (vector: Out): In =>
    linearSolve(operator, vector as Concrete<Out>, { ...checked, solver, state }).value;
  const tags = LINEAR_TAGS.filter((tag) => isKept(operator, solver, tag));
  // Operators say the shapes of what they take and give without their types.
  return FunctionLinearOperator(solve, operator.outStructure() as ShapeTree<Out>, { tags });
}

/** Whether the inverse, or pseudoinverse, has a property of the operator. */
function isKept(operator: LinearOperator, solver: LinearSolver, tag: LinearTag): boolean {
  if (!operator.has(tag)) return false;
  switch (tag) {
    case "symmetric":
    case "diagonal":
    case "positiveSemidefinite":
    case "negativeSemidefinite":
      return true;
    // Triangles are those of inverses alone: the pseudoinverse of [[0, 0], [1, 0]] is [[0, 1], [0, 0]].
    case "lowerTriangular":
    case "upperTriangular":
      return isInverse(operator, solver);
    case "unitDiagonal":
      return isTriangular(operator) && isInverse(operator, solver);
    case "tridiagonal":
      return false;
  }
}

/** Whether the solver takes it for granted that there is an inverse. */
function isInverse(operator: LinearOperator, solver: LinearSolver): boolean {
  return inSize(operator) === outSize(operator) && (solver.assumeFullRank?.() ?? true);
}

function isTriangular(operator: LinearOperator): boolean {
  return isLowerTriangular(operator) || isUpperTriangular(operator);
}
