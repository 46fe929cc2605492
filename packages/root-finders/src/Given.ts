import type { LinearSolver, LinearTag } from "@diffrax-ts/linear-solvers";
import type { Tolerances, Tree } from "@diffrax-ts/protocol";
import type { Callable, Tensor } from "@diffrax-ts/pytree";
import type { Bounds, IterativeSolver, TreeFunction } from "./IterativeSolver.ts";
import type { Linearisation } from "./Linearisation.ts";

/** What is asked for: its functions stand at module level. */
export interface Task {
  /** Of the function that was called. */
  readonly name: string;
  /** From the function of the user to what the solver is given. */
  readonly objective: (fn: TreeFunction) => TreeFunction;
  /** From the function of the user to what is zero at a solution. */
  readonly optimality: (fn: TreeFunction) => TreeFunction;
  /** Whether the derivative of that is a Hessian. */
  readonly isSymmetric: boolean;
}

/** All that a solve needs. */
export interface Given extends Task {
  readonly fn: Callable;
  readonly solver: IterativeSolver;
  readonly tolerances: Tolerances;
  /** For derivatives of the solution. */
  readonly linearSolver: LinearSolver;
  readonly tags: readonly LinearTag[];
  readonly maxSteps: number | null;
  readonly throws: boolean;
  readonly y0: Tree;
  readonly options: Bounds;
  readonly weights: Tree | null;
  readonly jacobian: Linearisation | null;
  readonly params: Variables;
}

/** What a solution depends on. */
export interface Variables {
  readonly args: unknown;
  readonly captured: readonly Tensor[];
}

/** What a solve gives. */
export interface Found {
  readonly value: Tree;
  readonly result: Tensor;
  readonly numSteps: Tensor;
  readonly state: unknown;
  readonly jacobian: Linearisation | null;
}
