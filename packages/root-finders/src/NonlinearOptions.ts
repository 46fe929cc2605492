import type { LinearSolver, LinearTags } from "@diffrax-ts/linear-solvers";
import type { Tolerances } from "@diffrax-ts/protocol";
import type { Concrete, Tensor } from "@diffrax-ts/pytree";
import type { Linearisation } from "./Linearisation.ts";

/** Options of `fixedPoint`, `leastSquares` and `minimise`, and most of those of `rootFind`. */
export interface NonlinearOptions<Y = unknown, Args = unknown> {
  /** The second argument of the function. @defaultValue undefined */
  readonly args?: Args;
  /** No more steps than this; `null` for no limit. @defaultValue 256 */
  readonly maxSteps?: number | null;
  /** Whether a search that fails throws. If not, `result` says what happened. @defaultValue true */
  readonly throw?: boolean;
  /**
   * What the derivative of the equations is: linear solvers are chosen by it. Of a least squares problem or a minimum it is the Hessian that is meant, which
   * is symmetric anyway. @defaultValue nothing in particular
   */
  readonly tags?: LinearTags;
  /** Bounds of the solution, of methods that take some. @defaultValue none */
  readonly options?: GivenBounds<Y>;
  /** For tolerances that are `null` in the solver. @defaultValue none */
  readonly tolerances?: Tolerances | null;
  /** Solves the linear system of the derivative of the solution. @defaultValue that of a root finder, or AutoLinearSolver */
  readonly linearSolver?: LinearSolver;
}

/** Options of `rootFind`. */
export interface RootFindOptions<Y = unknown, Args = unknown> extends NonlinearOptions<Y, Args> {
  /**
   * What a step is multiplied with before its norm is taken, where the error that matters is not that of the unknowns themselves: a tree like `y0`.
   * @defaultValue `1 / (atol + rtol |y|)`
   */
  readonly weights?: Concrete<Y>;
  /** What is known of the derivative, from `rootFinder.linearise(operator)` or from an earlier solution. @defaultValue made anew */
  readonly jacobian?: Linearisation;
}

/** Between which numbers a solution is: trees like `y0`, or one number for all. */
export interface GivenBounds<Y = unknown> {
  readonly lower?: number | Tensor | Concrete<Y>;
  readonly upper?: number | Tensor | Concrete<Y>;
}
