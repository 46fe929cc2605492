import {
  checkOptions,
  describeValue,
  isMaker,
  isPart,
  type Leaf,
  ownCopy,
  type Tensor,
} from "@diffrax-ts/pytree";
import { inSpace, outSpace } from "./flat.ts";
import type { LinearOperator } from "./LinearOperator.ts";
import type { LinearSolverInputs } from "./LinearSolver.ts";
import type { IterationOptions, LinearSolveOptions } from "./LinearSolveOptions.ts";
import { MatrixLinearOperator } from "./operators/MatrixLinearOperator.ts";
import { floatTensor, packed } from "./vectors.ts";

/**
 * Operator and vector.
 *
 * @throws TypeError if they are no system of equations.
 */
export function checkSystem(
  operator: unknown,
  vector: unknown,
): { readonly operator: LinearOperator; readonly vector: Tensor } {
  if (isOperator(operator)) {
    return { operator, vector: packed(outSpace(operator), vector, "linearSolve: vector") };
  }
  if (typeof operator === "function") {
    const { name } = operator as { readonly name: string };
    throw new TypeError(
      `linearSolve: operator is the function ${name}; make it an operator, as FunctionLinearOperator(${name}, …) does`,
    );
  }
  const a = floatTensor("linearSolve: matrix", operator as Leaf);
  const b = floatTensor("linearSolve: vector", vector as Leaf);
  const n = a.shape[0]!;
  if (a.shape.length !== 2) {
    const advice = a.shape.length > 2 ? "; for several of them use vmap" : "";
    throw new TypeError(`linearSolve: matrix must be [m, n], got ${describeValue(a)}${advice}`);
  }
  if (b.shape.length !== 1 || b.length !== n) {
    const advice = b.shape.length > 1 ? "; for several of them use vmap" : "";
    throw new TypeError(
      `linearSolve: vector must be [${n}] for a matrix of [${a.shape.join()}], got ${describeValue(b)}${advice}`,
    );
  }
  if (a.dtype === b.dtype) return { operator: MatrixLinearOperator(a), vector: b };
  throw new TypeError(
    `linearSolve: matrix is ${a.dtype} and vector ${b.dtype}; convert one of them with astype`,
  );
}

function isOperator(value: unknown): value is LinearOperator {
  return isPart(value) && typeof (value as Partial<LinearOperator>).mv === "function";
}

/** Options of which each has been read once. */
export type CheckedSolveOptions<In> = LinearSolveOptions<In> & {
  readonly options: IterationOptions<In>;
};

/**
 * Options of `linearSolve`, each read once, also those for iterative solvers.
 *
 * @throws TypeError if there is an option of another name, or a solver that is none.
 */
export function checkSolveOptions<In>(options: LinearSolveOptions<In>): CheckedSolveOptions<In> {
  const read = checkOptions("linearSolve", options, ["solver", "options", "state", "throw"]);
  const { solver, options: iteration = {} } = read;
  if (solver === undefined || (isPart(solver) && typeof solver.init === "function")) {
    const names = ["preconditioner", "y0"] as const;
    return ownCopy({
      ...read,
      options: checkOptions("linearSolve: options", iteration, names),
    });
  }
  if (isMaker(solver)) {
    const { name } = solver;
    throw new TypeError(`linearSolve: solver is the function ${name}; call it: ${name}()`);
  }
  throw new TypeError(`linearSolve: solver must be one such as LU(), got ${describeValue(solver)}`);
}

/**
 * What iterative solvers are given, with vectors for trees.
 *
 * @param given - Of `checkSolveOptions`.
 * @throws TypeError if a start or a preconditioner is not of the kind of the solution.
 */
export function checkIterationOptions(
  operator: LinearOperator,
  { preconditioner, y0 }: IterationOptions,
): LinearSolverInputs {
  const name = "linearSolve: options";
  if (preconditioner !== undefined && !isOperator(preconditioner)) {
    throw new TypeError(
      `${name}.preconditioner must be a linear operator, got ${describeValue(preconditioner)}`,
    );
  }
  return {
    ...(preconditioner === undefined ? {} : { preconditioner }),
    ...(y0 === undefined ? {} : { y0: packed(inSpace(operator), y0, `${name}.y0`) }),
  };
}
