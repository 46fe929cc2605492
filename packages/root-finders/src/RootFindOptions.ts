import type { LinearSolver, LinearTags } from "@diffrax-ts/linear-solvers";
import type { Tolerances } from "@diffrax-ts/protocol";
import type { Concrete, Tensor } from "@diffrax-ts/pytree";
import type { Linearisation } from "./RootFinder.ts";

/** Options of `rootFind`. */
export interface RootFindOptions<Y = unknown, Args = unknown> {
  /** The second argument of the function. @defaultValue undefined */
  readonly args?: Args;
  /** No more steps than this; `null` for no limit. @defaultValue 256 */
  readonly maxSteps?: number | null;
  /** Whether a search that fails throws. If not, `result` says what happened. @defaultValue true */
  readonly throw?: boolean;
  /** What the derivative of the function is: solvers are chosen by it. @defaultValue nothing in particular */
  readonly tags?: LinearTags;
  /** Bounds of the root, of root finders that take some: trees like `y0`, or numbers. @defaultValue none */
  readonly options?: RootBounds<Y>;
  /** For tolerances that are `null` in the root finder. @defaultValue none */
  readonly tolerances?: Tolerances | null;
  /**
   * What a step is multiplied with before its norm is taken, where the error that matters is not that of the unknowns themselves: a tree like `y0`.
   * @defaultValue `1 / (atol + rtol |y|)`
   */
  readonly weights?: Concrete<Y>;
  /** What is known of the derivative, from `rootFinder.linearise(operator)` or from an earlier solution. @defaultValue made anew */
  readonly jacobian?: Linearisation;
  /** Solves the linear system of the derivative of the root. @defaultValue that of the root finder, or AutoLinearSolver({ wellPosed: true }) */
  readonly linearSolver?: LinearSolver;
}

/** Between which numbers the root is. */
export interface RootBounds<Y = unknown> {
  readonly lower?: number | Concrete<Y> | Tensor;
  readonly upper?: number | Concrete<Y> | Tensor;
}
