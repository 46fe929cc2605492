import {
  abs,
  equal,
  less,
  logicalAnd,
  logicalNot,
  max,
  stopGradient,
  where,
  zeros,
} from "@diffrax-ts/array";
import { callTraced, watched } from "@diffrax-ts/autodiff";
import { isFloat, isTraced } from "@diffrax-ts/program";
import { type Concrete, isTensor, type Leaf, leaves, map, type Tensor } from "@diffrax-ts/pytree";
import { checkIterationOptions, checkSolveOptions, checkSystem } from "./checkSystem.ts";
import { inSpace } from "./flat.ts";
import type { LinearOperator } from "./LinearOperator.ts";
import type { LinearSolver, LinearSolverInputs } from "./LinearSolver.ts";
import type { LinearSolveOptions } from "./LinearSolveOptions.ts";
import { linearMessages, type LinearResult, linearResultName, resultTensor } from "./results.ts";
import { assertSuccess, type Outcome, prepare, solve } from "./solveEquation.ts";
import { AutoLinearSolver } from "./solvers/AutoLinearSolver.ts";
import { unpacked } from "./vectors.ts";

/** The solution of a linear system, and how it came about. */
export interface LinearSolution<In = Tensor<readonly [number]>> {
  /** `x`: a tree like those that the operator takes. If there is no solution, some of its elements are infinite or not a number. */
  readonly value: In;
  /** How the solve ended. Inside a traced function its number, an int32 tensor; `"successful"` is 0. */
  readonly result: LinearResult | Tensor;
  /** What the solver says of itself, such as `numSteps` of iterative ones. Inside a traced function tensors. */
  readonly stats: Readonly<Record<string, number | Tensor>>;
  /** What the solver knows of the operator: for other vectors, as `options.state`. */
  readonly state: unknown;
}

/**
 * The solution of the linear system `A x = b`, with derivatives of any order with respect to both.
 *
 * With a solver for such systems (`QR`, `SVD`, `LSMR`, `Normal`, or `AutoLinearSolver({ wellPosed: false })`) it is the one of least squares,
 * `min |A x - b|`, if there are more equations than unknowns, and the shortest one if there are fewer.
 *
 * What takes long, the factorisation of the matrix, is done once for the value and all derivatives. For several vectors or matrices
 * use `vmap`.
 *
 * @param operator - `A`: a linear operator, or a matrix `[m, n]` of float64 or float32.
 * @param vector - `b`: a tree like those that the operator gives, `[m]` for a matrix.
 * @throws TypeError if shapes or dtypes do not fit, or if the operator is not of the kind that the solver takes; Error if there is no solution,
 * unless `throw: false`. Inside a traced function that is found when it runs.
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
  operator: Leaf,
  vector: Leaf,
  options?: LinearSolveOptions<Tensor>,
): LinearSolution;
export function linearSolve<In, Out>(
  operator: LinearOperator<In, Out>,
  vector: Concrete<NoInfer<Out>>,
  options?: LinearSolveOptions<NoInfer<In>>,
): LinearSolution<In>;
export function linearSolve(
  given: unknown,
  b: unknown,
  options: LinearSolveOptions = {},
): LinearSolution<unknown> {
  const {
    solver = AutoLinearSolver({ wellPosed: true }),
    options: iteration,
    state: known,
    throw: throws = true,
  } = checkSolveOptions(options);
  const { operator, vector } = checkSystem(given, b);
  const inputs = checkIterationOptions(operator, iteration);
  if (solver.check !== undefined && !leaves(operator).some(isTracedLeaf)) solver.check(operator);
  const space = inSpace(operator);
  const isEmpty = space.size === 0 || vector.size === 0;
  const nothing = zeros(space.size, { dtype: vector.dtype });
  const {
    value,
    code: found,
    stats,
    state,
  } = isEmpty
    ? { value: nothing, code: resultTensor("successful"), stats: {}, state: null }
    : (callTraced(
        solveTraced,
        [solver, operator, vector, inputs, known, throws],
        "linearSolve",
      ) as Solved);
  const solution = { value: unpacked(space, value), state };
  if (isTraced(found)) {
    if (throws) assertSuccess(found);
    return watched({ ...solution, result: found, stats }, { result: useResult });
  }
  const result = linearResultName(found.item());
  if (throws && result !== "successful") throw new Error(`linearSolve: ${linearMessages[result]}`);
  return { ...solution, result, stats: map((x) => x.item(), stats) };
}

const useResult =
  "the result of linearSolve was asked for and not used; inside a traced function it is a tensor, which no text is equal to, " +
  'so write np.equal(result, linearResultCode("successful")), and np.where(…) or cond(…) with that';

/** A solution, and what the solver knows of the operator. */
interface Solved extends Outcome {
  readonly state: unknown;
}

/** Recorded where something is traced; compiled and run elsewhere. */
function solveTraced(
  solver: LinearSolver,
  operator: LinearOperator,
  vector: Tensor,
  options: LinearSolverInputs,
  given: unknown,
  throws: boolean,
): Solved {
  const state = given === undefined ? prepare(solver, operator, options) : given;
  const { value, code: own, stats } = solve({ operator, solver, state, options }, vector, throws);
  const isInputFinite = [vector, ...leaves(operator).filter(isFloatTensor)]
    .map(isAllFinite)
    .reduce((a, b) => logicalAnd(a, b));
  const singular = where(isInputFinite, resultTensor("singular"), resultTensor("nonfiniteInput"));
  const isUnnoticed = logicalAnd(
    equal(own, resultTensor("successful")),
    logicalNot(isAllFinite(value)),
  );
  const isSingular = equal(own, resultTensor("singular"));
  const result = where(isUnnoticed, singular, where(isSingular, singular, own));
  return { value, code: result, stats, state };
}

function isTracedLeaf(x: unknown): boolean {
  return isTensor(x) && isTraced(x);
}

function isFloatTensor(x: unknown): x is Tensor {
  return isTensor(x) && isFloat(x.dtype) && x.size > 0;
}

/** The largest is not a number if one is none. */
function isAllFinite(x: Tensor): Tensor {
  return less(max(abs(stopGradient(x))), Infinity);
}
