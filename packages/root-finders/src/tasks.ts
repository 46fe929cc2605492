// What is asked for by `rootFind` and its like: from the function of the user to what a solver sees, and to what is zero at a solution.
import { mul, square, sum } from "@diffrax-ts/array";
import { grad } from "@diffrax-ts/autodiff";
import { AutoLinearSolver, type LinearSolver } from "@diffrax-ts/linear-solvers";
import type { Tree } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";
import { requireSolver, type SolverKind } from "./checkSolver.ts";
import type { Task } from "./Given.ts";
import type { IterativeSolver, TreeFunction } from "./IterativeSolver.ts";
import type { LeastSquaresSolver } from "./LeastSquaresSolver.ts";
import { ToRoot } from "./ToRoot.ts";
import { difference, vectorOf } from "./trees.ts";

/** What is asked for, of whom, and what the function has to return. */
export interface Asked {
  readonly task: Task;
  readonly solver: IterativeSolver;
  readonly returns: "square" | "same" | "scalar" | "any";
  /** For derivatives of the solution. */
  readonly linearSolver: LinearSolver;
}

/** From the solver that was given. */
export type Ask = (solver: unknown) => Asked;

export function askRoot(given: unknown): Asked {
  const name = "rootFind";
  const [solver, kind] = requireSolver(name, given, ["root", "leastSquares"]);
  const task = { name, objective: itself, optimality: itself, isSymmetric: false };
  return kind === "root"
    ? { task, solver, returns: "square", linearSolver: solver.linearSolver ?? wellPosed() }
    : { task, solver: asRoot(solver, kind), returns: "any", linearSolver: AutoLinearSolver() };
}

export function askFixedPoint(given: unknown): Asked {
  const name = "fixedPoint";
  const [solver, kind] = requireSolver(name, given, ["fixedPoint", "root", "leastSquares"]);
  const objective = kind === "fixedPoint" ? itself : minusItself;
  const task = { name, objective, optimality: minusItself, isSymmetric: false };
  return { task, solver: asRoot(solver, kind), returns: "same", linearSolver: wellPosed() };
}

export function askLeastSquares(given: unknown): Asked {
  const name = "leastSquares";
  const [solver, kind] = requireSolver(name, given, ["leastSquares", "minimum"]);
  const objective = kind === "minimum" ? halfSumOfSquares : itself;
  const task = { name, objective, optimality: gradientOfSquares, isSymmetric: true };
  return { task, solver, returns: "any", linearSolver: wellPosed() };
}

export function askMinimum(given: unknown): Asked {
  const name = "minimise";
  const [solver] = requireSolver(name, given, ["minimum"]);
  const task = { name, objective: itself, optimality: gradientOf, isSymmetric: true };
  return { task, solver, returns: "scalar", linearSolver: wellPosed() };
}

function wellPosed(): LinearSolver {
  return AutoLinearSolver({ wellPosed: true });
}

function asRoot(solver: IterativeSolver, kind: SolverKind): IterativeSolver {
  return kind === "leastSquares" ? ToRoot(solver as LeastSquaresSolver) : solver;
}

function itself(fn: TreeFunction): TreeFunction {
  return fn;
}

/** `fn(y) - y` */
function minusItself(fn: TreeFunction): TreeFunction {
  return (y) => difference(fn(y), y);
}

/** `½ Σ fn(y)²` */
function halfSumOfSquares(fn: TreeFunction): (y: Tree) => Tensor {
  return (y) => mul(0.5, sum(square(vectorOf(fn(y)))));
}

/** `∇ fn(y)` */
function gradientOf(fn: TreeFunction): TreeFunction {
  return (y) => grad(fn as (y: object) => Tensor)(y as object) as Tree;
}

/** `∇ ½ Σ fn(y)²` */
function gradientOfSquares(fn: TreeFunction): TreeFunction {
  return gradientOf(halfSumOfSquares(fn));
}
