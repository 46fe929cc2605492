import type { LinearOperator, LinearSolver, LinearTag } from "@diffrax-ts/linear-solvers";
import type { Norm, Tolerances, Tree } from "@diffrax-ts/protocol";
import type { Part, Scalar, Tensor } from "@diffrax-ts/pytree";

/** A system of equations, as the functions of a root finder are given it. */
export interface RootProblem {
  /** The left side of `fn(y) = 0`. */
  readonly fn: (y: Tree) => Tree;
  /** Those of the root finder, or of its caller. */
  readonly tolerances: Tolerances;
  /** What a step is multiplied with before its norm is taken, a tree like `y0`; `null`: `1 / (atol + rtol |y|)`. */
  readonly weights: Tree | null;
  /** What is known of the derivative: of a root finder with `linearise`, that of the start, or what the caller handed in. */
  readonly jacobian: Linearisation | null;
  /** What the derivative of `fn` is declared to be. */
  readonly tags: readonly LinearTag[];
  readonly options: RootFinderInputs;
}

/** What a root finder can be given beside the equations. */
export interface RootFinderInputs {
  /** The root is not below this: a tree like `y0`, or a number for all of it. */
  readonly lower?: Tree;
  /** Nor above this. */
  readonly upper?: Tree;
}

/** What is known of a derivative, from one solve to the next: a tree of tensors that loops can carry. */
export interface Linearisation {
  /** What the linear solver knows of it: its factors. */
  readonly factors: unknown;
  /** By how much a step of the iteration was smaller than the one before, when it was last measured; infinite if it never was. */
  readonly rate: Scalar;
  /** What an iteration may believe of the rate before it has measured one: more than `rate`, and more from solve to solve. */
  readonly assumedRate: Scalar;
}

/** What a step of a root finder gives. */
export interface RootStep<State> {
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
 * An iteration that solves `fn(y) = 0`, on trees of tensors. It is traced; nothing in it is differentiated: `rootFind` knows the derivative of
 * a root, whatever the method.
 *
 * Its functions stand at module level and read their data from `this`. Tolerances that are `null` are those of the caller, as of the step size
 * controller of a differential equation.
 */
export interface RootFinder<State = unknown> extends Part {
  readonly rtol: number | Scalar | null;
  readonly atol: number | Scalar | null;
  /** `null`: that of the caller, together with its tolerances. */
  readonly norm: Norm | null;
  /** Solves linear systems with the derivative of `fn`. @defaultValue none */
  readonly linearSolver?: LinearSolver;
  /** Before the first step. Its structure stays the same through the iteration. */
  init(problem: RootProblem, y: Tree): State;
  step(problem: RootProblem, y: Tree, state: State): RootStep<State>;
  /** @param y - Where the last step began. */
  terminate(problem: RootProblem, y: Tree, state: State): Termination;
  /** What it has to know of the derivative before the iteration, once. @defaultValue nothing; its steps see to that */
  linearise?(operator: LinearOperator): Linearisation;
  /** What was learned of the derivative. @defaultValue nothing: it is as it was */
  learn?(problem: RootProblem, state: State): Linearisation;
  /** Whether what is known of a derivative should be made anew before another system is solved: a scalar truth value. @defaultValue that it always is */
  isOutdated?(jacobian: Pick<Linearisation, "rate">): Tensor;
  /** Whether a solver that solves several systems of one kind, such as the stages of a step, may hand it the derivative of another. @defaultValue false */
  readonly sharesJacobian?: boolean;
}
