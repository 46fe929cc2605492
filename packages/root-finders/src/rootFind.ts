import type { Traced } from "@diffrax-ts/pytree";
import { checkGiven } from "./checkGiven.ts";
import type { LeastSquaresSolver } from "./LeastSquaresSolver.ts";
import type { Linearisation } from "./Linearisation.ts";
import type { RootFindOptions } from "./NonlinearOptions.ts";
import type { NonlinearSolution, StateOf } from "./NonlinearSolution.ts";
import type { RootFinder } from "./RootFinder.ts";
import { askRoot } from "./tasks.ts";
import { solveNonlinear } from "./solveNonlinear.ts";

/** A root, and how it was found. */
export interface RootSolution<Y = unknown, State = unknown> extends NonlinearSolution<Y, State> {
  /** What is known of the derivative, for another call; `null` of a root finder that keeps none. */
  readonly jacobian: Linearisation | null;
}

/**
 * A root of `fn`: `y` with `fn(y, args) = 0`.
 *
 * Derivatives of any order are those of the implicit function theorem, `dy = -(∂f/∂y)⁻¹ ∂f/∂args dargs`: one linear solve at the root, however it was found.
 * With respect to `y0` they are zero.
 *
 * @param fn - `(y, args) => f`, on tensors: as many equations as there are unknowns.
 * @param rootFinder - `Newton(…)`, `Chord(…)`, `Bisection(…)`, …; or a least squares solver, which has come to a root only if `fn` is within `atol` of zero.
 * @param y0 - Where to start: a tree of tensors or numbers, all of one float dtype.
 * @throws TypeError for equations that do not fit the unknowns, and for missing tolerances; Error if no root is found, unless `throw: false`. Inside a
 * traced function that is found when it runs.
 *
 * @example
 * ```ts
 * import { exp, sub } from "@diffrax-ts/array";
 * import { grad } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { Newton, rootFind } from "@diffrax-ts/root-finders";
 *
 * // The logarithm of a number.
 * const log = (c: Scalar) =>
 *   rootFind((y: Scalar, c) => sub(exp(y), c), Newton({ rtol: 1e-9, atol: 1e-9 }), 1, { args: c }).value;
 * grad(log)(4);
 * // → 0.25
 * ```
 */
export function rootFind<
  const Y,
  Solver extends RootFinder | LeastSquaresSolver,
  const Args = undefined,
>(
  fn: NoInfer<(y: Traced<Y>, args: Traced<Args>) => unknown>,
  rootFinder: Solver,
  y0: Y,
  options: RootFindOptions<NoInfer<Y>, Args> = {},
): RootSolution<Traced<Y>, StateOf<Solver>> {
  const given = checkGiven(askRoot, fn, rootFinder, y0, options as RootFindOptions);
  return solveNonlinear(given) as RootSolution<Traced<Y>, StateOf<Solver>>;
}
