import type { DenseInterpolation } from "@diffrax-ts/interpolation";
import type { Result, Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

/** How many steps a solve took, and with `stats: "full"` how much work. Inside a traced function these are int32 tensors. */
export interface SolveStats<Count = number> {
  /** Steps tried: those that were kept and those that were not. */
  readonly numSteps: Count;
  readonly numAcceptedSteps: Count;
  readonly numRejectedSteps: Count;
  /** With `stats: "full"`, as all below: of the vector field, in all steps; of several terms one by one. */
  readonly numEvaluations?: Count;
  /** Of the vector field of an implicit term. */
  readonly numJacobians?: Count;
  /** Of matrices `I - a Δt J`. */
  readonly numFactorisations?: Count;
  /** Of the root finder of an implicit solver, in all stages. */
  readonly numIterations?: Count;
  /** Stages that the root finder did not solve: each makes a step fail, which is tried again with a shorter one. */
  readonly numFailedIterations?: Count;
  /** The limit; `null` if there was none. */
  readonly maxSteps: number | null;
}

/**
 * Events of a solution.
 *
 * @typeParam Ys - The states at them: like `y0`, with a first axis of their number.
 */
export interface SolutionEvents<Ys = unknown> {
  readonly ts: Tensor<readonly [number]>;
  readonly ys: Ys;
  readonly index: Tensor<readonly [number]>;
}

/**
 * A solution and how it came about. Inside a traced function its arrays are as long as they can get: rows that were not needed
 * hold `Infinity`, and integers 0.
 */
export interface Solution<
  Ts = Tensor<readonly [number]>,
  Ys = unknown,
  Y = unknown,
  End = Result,
  Count = number,
  EventYs = unknown,
> {
  readonly t0: number | Scalar;
  readonly t1: number | Scalar;
  /**
   * The times saved at, `[n]`; of a fold the time of its last update, a scalar. A tree of them if `saveat.subs` is one; `null` if `saveat`
   * asks for dense output alone.
   */
  readonly ts: Ts;
  /** What was saved: the structure of `y0`, or of what `saveat.fn` returns, with the times as a first axis; of a fold its value. */
  readonly ys: Ys;
  /** The solution at any time, if `saveat.dense`; `null` otherwise. */
  readonly interpolation: DenseInterpolation | null;
  readonly stats: SolveStats<Count>;
  /**
   * How the solve ended. Inside a traced function its number, an int32 tensor, which has to be used once it is read: by
   * `isSuccessful(result)` or as what the function returns. Compared with a text it would never be equal.
   */
  readonly result: End;
  /** If `saveat.solverState`: what the solver passes on from step to step, at `t1`. */
  readonly solverState: Tree | null;
  /** If `saveat.controllerState`: what the step size controller passes on, at `t1`. */
  readonly controllerState: Tree | null;
  /** If `saveat.madeJump`: whether the vector field has just jumped at `t1`. */
  readonly madeJump: boolean | Tensor | null;
  /**
   * With an event, which of its conditions ended the solve: a tree of truth values like `condFn`, or a vector of them with `count`; all are
   * false if none did. `null` without an event. Inside a traced function these are tensors.
   */
  readonly eventMask: unknown;
  /**
   * The events that are recorded, with `Event({ terminal: false })` or a number: their times `ts: [k]`, the states there, `ys` like `y0` with
   * a first axis of `k`, and `index: [k]`, the place of each one's condition in the tree. `null` if none are recorded.
   */
  readonly events: SolutionEvents<EventYs> | null;
  /**
   * The solution at `t0`, or its increment from `t0` to `t1`; needs `saveat: { dense: true }`.
   *
   * @param left - At the end of a step: the limit from the left, or from the right. @defaultValue true
   * @returns Not-a-numbers outside of the interval of the solve.
   * @throws TypeError without `saveat.dense`.
   */
  readonly evaluate: (t0: number | Tensor, t1?: number | Tensor | null, left?: boolean) => Y;
  /**
   * The time derivative of the interpolation at `t`, less accurate than the vector field; needs `saveat: { dense: true }`.
   *
   * @throws TypeError without `saveat.dense`.
   */
  readonly derivative: (t: number | Tensor, left?: boolean) => Y;
}
