import { abs, less, logicalAnd, max, stopGradient, where } from "@diffrax-ts/array";
import { assertResult, callTraced, resultConstant } from "@diffrax-ts/autodiff";
import { isTraced } from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";
import { checkSolveOptions, checkSystem } from "./checkSystem.ts";
import type { LinearSolver } from "./LinearSolver.ts";
import type { LinearSolveOptions } from "./LinearSolveOptions.ts";
import { LU } from "./LU.ts";
import { linearMessages, type LinearResult, linearResultName } from "./results.ts";
import { prepare, solve } from "./solveEquation.ts";

/** The solution of a linear system, and how it came about. */
export interface LinearSolution {
  /** `x`, `[n]`. If there is no solution, some of its elements are infinite or not a number. */
  readonly value: Tensor<readonly [number]>;
  /** How the solve ended. Inside a traced function its number, an int32 tensor; `"successful"` is 0. */
  readonly result: LinearResult | Tensor;
}

/**
 * The solution of the linear system `A x = b`, with derivatives of any order with respect to both.
 *
 * What takes long, the factorisation of the matrix, is done once for the value and all derivatives. For several vectors or matrices
 * use `vmap`.
 *
 * @param matrix - `A`, `[n, n]`, float64 or float32.
 * @param vector - `b`, `[n]`, with the dtype of the matrix.
 * @throws TypeError if shapes or dtypes do not fit; Error if there is no solution, unless `throw: false`. Inside a traced function that
 * is found when it runs.
 *
 * @example
 * ```ts
 * import { sum, tensor } from "@diffrax-ts/array";
 * import { grad } from "@diffrax-ts/autodiff";
 * import { linearSolve } from "@diffrax-ts/linear-solvers";
 *
 * const a = tensor([[2, 1], [1, 3]]);
 * const b = tensor([3, 5]);
 * linearSolve(a, b).value.toArray();
 * // → [0.8, 1.4]
 * grad((x: typeof b) => sum(linearSolve(a, x).value))(b).toArray();
 * // → [0.4, 0.2]
 * linearSolve(tensor([[1, 2], [2, 4]]), b, { throw: false }).result;
 * // → "singular"
 * ```
 */
export function linearSolve(
  matrix: Leaf,
  vector: Leaf,
  options: LinearSolveOptions = {},
): LinearSolution {
  const { solver = LU(), throw: throws = true } = checkSolveOptions(options);
  const [a, b] = checkSystem(matrix, vector);
  const solution = b.length === 0 ? { value: b, code: code("successful") } : solveNow(solver, a, b);
  const value = solution.value as Tensor<readonly [number]>;
  if (isTraced(solution.code)) {
    if (throws) {
      const isFailure = (name: LinearResult): boolean => name !== "successful";
      assertResult(linearMessages, solution.code, isFailure, "linearSolve: ");
    }
    return { value, result: solution.code };
  }
  const result = linearResultName(solution.code.item());
  if (throws && result !== "successful") throw new Error(`linearSolve: ${linearMessages[result]}`);
  return { value, result };
}

/** A solution, and the number of its result. */
interface Solved {
  readonly value: Tensor;
  readonly code: Tensor;
}

/** Recorded where something is traced; compiled and run elsewhere. */
function solveNow(solver: LinearSolver, a: Tensor, b: Tensor): Solved {
  return callTraced(solveTraced, [solver, a, b], "linearSolve") as Solved;
}

function solveTraced(solver: LinearSolver, a: Tensor, b: Tensor): Solved {
  const value = solve(prepare(solver, a), a, b);
  const failed = where(
    logicalAnd(isAllFinite(a), isAllFinite(b)),
    code("singular"),
    code("nonfiniteInput"),
  );
  return { value, code: where(isAllFinite(value), code("successful"), failed) };
}

/** The largest is not a number if one is none. */
function isAllFinite(x: Tensor): Tensor {
  return less(max(abs(stopGradient(x))), Infinity);
}

function code(result: LinearResult): Tensor {
  return resultConstant(linearMessages, result);
}
