import { onesLike } from "@diffrax-ts/array";
import { jvp } from "@diffrax-ts/autodiff";
import type { Part, Scalar } from "@diffrax-ts/pytree";
import type { LevyArea } from "./levyArea.ts";
import type { NoiseClaim } from "./NoiseClaim.ts";
import type { TracedResult } from "./results.ts";
import type { Tree } from "./Tree.ts";

/**
 * A curve on an interval: data between observations, a Brownian motion, the solution of an equation. It can be the control of an
 * equation.
 *
 * Its functions stand at module level and read their data from `this`, as in all parts.
 */
export interface Path<Value = Tree> extends Part {
  /** The start of the interval. */
  readonly t0: number | Scalar;
  /** The end of the interval. */
  readonly t1: number | Scalar;
  /** Of a Brownian motion, what it knows of an interval beside its increment; other paths leave it out. */
  readonly levyArea?: LevyArea;
  /** The shortest step that it is good for: shorter constant steps are refused. @defaultValue none is too short */
  readonly minStep?: number | undefined;
  /** Whether increments of intervals that overlap have nothing to do with one another, so that no step may be taken again. @defaultValue false */
  readonly isTakenOnce?: boolean;
  /**
   * Of a Brownian motion, holds what is claimed of the noise of a term that it drives against its diffusion at the start of a solve, as those of
   * `@diffrax-ts/brownian` do. @defaultValue claims are believed
   */
  checkNoise?(claim: NoiseClaim): void;
  /**
   * The value at `t0`, or the increment from `t0` to `t1`.
   *
   * @param left - Where the path jumps: the limit from the left, or from the right. @defaultValue true
   * @param useLevy - Asked of paths with a `levyArea` alone: a `BrownianIncrement` in the place of the value. @defaultValue false
   */
  evaluate(
    t0: number | Scalar,
    t1?: number | Scalar | null,
    left?: boolean,
    useLevy?: boolean,
  ): Value;
  /** The derivative with respect to time. Left out, it is that of `evaluate` by forward mode. */
  derivative?(t: number | Scalar, left?: boolean): Value;
  /**
   * The state that it carries from step to step, for a solve that starts at `t0`. Left out where there is none; a path that has it has
   * `over` too. Its structure, shapes and dtypes stay the same through the solve.
   */
  init?(t0: Scalar): Tree;
  /**
   * What it is over the step from `t0` to `t1`, from the state at `t0`. The step may be rejected: then its state is thrown away with it,
   * and `over` is asked again from the state before.
   */
  over?(state: Tree, t0: Scalar, t1: Scalar): PathStep<Value>;
}

/** A path over one step. */
export interface PathStep<Value = Tree> {
  /** To be asked for increments within the step, by whatever it knows from the state. */
  readonly path: Path<Value>;
  /** The state at the end of the step. */
  readonly state: Tree;
  /**
   * Why the path is not good for the step, if it is kept: then the solve fails, and warns where it is a controller that chooses the steps.
   * @defaultValue null: it is good for it
   */
  readonly result?: TracedResult;
}

/**
 * The derivative of a path with respect to time: its own, or else that of `evaluate` by forward mode.
 *
 * @param left - Where the derivative jumps: the limit from the left, or from the right. @defaultValue true
 *
 * @example
 * ```ts
 * import { mul } from "@diffrax-ts/array";
 * import { pathDerivative } from "@diffrax-ts/protocol";
 * import { part, type Scalar } from "@diffrax-ts/pytree";
 *
 * const square = (t: number | Scalar) => mul(t, t);
 * const path = part("my-package/Square", {
 *   t0: 0,
 *   t1: 3,
 *   evaluate: (t0: number | Scalar, t1: number | Scalar | null = null) =>
 *     t1 === null ? square(t0) : square(t1).sub(square(t0)),
 * });
 * String(pathDerivative(path, 1.5));
 * // → "3"
 * ```
 */
export function pathDerivative<Value>(
  path: Path<Value>,
  t: number | Scalar,
  left: boolean = true,
): Value {
  if (path.derivative !== undefined) return path.derivative(t, left);
  const evaluate = (at: Scalar): Value => path.evaluate(at, null, left);
  return jvp(evaluate, [t], [typeof t === "number" ? 1 : onesLike(t)]).tangent;
}
