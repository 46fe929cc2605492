import type { LinearSolver, LinearTag } from "@diffrax-ts/linear-solvers";
import type { Norm, Tolerances, Tree } from "@diffrax-ts/protocol";
import type { Part, Scalar, Tensor } from "@diffrax-ts/pytree";
import type { Linearisation } from "./Linearisation.ts";

/** A function of trees of tensors. */
export type TreeFunction = (y: Tree) => Tree;

/** What is to be solved, as the functions of a solver are given it. */
export interface Problem {
  /** What is to vanish, to stay the same, or to become as small as it can. */
  readonly fn: TreeFunction;
  /** Those of the solver, or of its caller. */
  readonly tolerances: Tolerances;
  /** What a step is multiplied with before its norm is taken, a tree like `y0`; `null`: `1 / (atol + rtol |y|)`. */
  readonly weights: Tree | null;
  /** What is known of the derivative: of a root finder with `linearise`, that of the start, or what the caller handed in. */
  readonly jacobian: Linearisation | null;
  /** What the derivative of `fn` is declared to be. */
  readonly tags: readonly LinearTag[];
  readonly options: Bounds;
}

/** Between which numbers a solution is: trees like `y0`. */
export interface Bounds {
  readonly lower?: Tree;
  readonly upper?: Tree;
}

/** What a step gives. */
export interface IterationStep<State> {
  readonly y: Tree;
  readonly state: State;
}

/** Whether an iteration is at its end. */
export interface Termination {
  /** A scalar truth value. */
  readonly terminate: Tensor;
  /** An int32 scalar as `resultCode` of `protocol` gives it. Any but `"successful"` ends the iteration. */
  readonly result: Tensor;
}

/**
 * An iteration on trees of tensors: what root finders, fixed point solvers, least squares solvers and minimisers are. It is traced; nothing in it is
 * differentiated: `rootFind` and its like know the derivative of a solution, whatever the method.
 *
 * Its functions stand at module level and read their data from `this`. Tolerances that are `null` are those of the caller, as of the step size
 * controller of a differential equation.
 */
export interface IterativeSolver<State = unknown> extends Part {
  readonly rtol: number | Scalar | null;
  readonly atol: number | Scalar | null;
  /** `null`: that of the caller, together with its tolerances. */
  readonly norm: Norm | null;
  /** Solves linear systems with the derivative of `fn`. @defaultValue none */
  readonly linearSolver?: LinearSolver;
  /** Which bounds it heeds. @defaultValue none: they are refused */
  readonly bounds?: readonly (keyof Bounds)[];
  /** Before the first step. Its structure stays the same through the iteration. */
  init(problem: Problem, y: Tree): State;
  step(problem: Problem, y: Tree, state: State): IterationStep<State>;
  /** @param y - Where the last step began. */
  terminate(problem: Problem, y: Tree, state: State): Termination;
}
