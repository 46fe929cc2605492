import { callTraced } from "@diffrax-ts/autodiff";
import { checkIterationOptions, checkSolveOptions } from "./checkSystem.ts";
import type { LinearOperator } from "./LinearOperator.ts";
import { linearSolve } from "./linearSolve.ts";
import type { LinearSolveOptions } from "./LinearSolveOptions.ts";
import { FunctionLinearOperator } from "./operators/FunctionLinearOperator.ts";
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
  const { solver = AutoLinearSolver({ wellPosed: true }) } = checkSolveOptions(options);
  const inputs = checkIterationOptions(operator, options.options ?? {});
  const state = options.state ?? callTraced(prepare, [solver, operator, inputs], "invert");
  const solve = (vector: Out): In =>
    linearSolve(operator, vector as never, { ...options, solver, state }).value;
  const tags = LINEAR_TAGS.filter((tag) => isKept(operator, tag));
  return FunctionLinearOperator(solve, operator.outStructure() as never, { tags });
}

/** Whether the inverse has a property of the operator. */
function isKept(operator: LinearOperator, tag: LinearTag): boolean {
  if (tag === "tridiagonal" || !operator.has(tag)) return false;
  return (
    tag !== "unitDiagonal" || operator.has("lowerTriangular") || operator.has("upperTriangular")
  );
}
