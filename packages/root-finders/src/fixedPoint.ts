import type { Traced } from "@diffrax-ts/pytree";
import { checkGiven } from "./checkGiven.ts";
import type { FixedPointSolver } from "./FixedPointSolver.ts";
import type { LeastSquaresSolver } from "./LeastSquaresSolver.ts";
import type { NonlinearOptions } from "./NonlinearOptions.ts";
import type { NonlinearSolution, StateOf } from "./NonlinearSolution.ts";
import type { RootFinder } from "./RootFinder.ts";
import { solveNonlinear } from "./solveNonlinear.ts";
import { askFixedPoint } from "./tasks.ts";

/**
 * A fixed point of `fn`: `y` with `fn(y, args) = y`.
 *
 * Derivatives of any order are those of the implicit function theorem, as those of `rootFind`.
 *
 * @param fn - `(y, args) => y`, on tensors: a tree like `y0`.
 * @param solver - `FixedPointIteration(…)`; or a root finder or a least squares solver, which solves `fn(y, args) - y = 0`.
 * @param y0 - Where to start: a tree of tensors or numbers, all of one float dtype.
 * @throws TypeError if `fn` returns another tree, and for missing tolerances; Error if no fixed point is found, unless `throw: false`. Inside a
 * traced function that is found when it runs.
 *
 * @example
 * ```ts
 * import { cos } from "@diffrax-ts/array";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { fixedPoint, FixedPointIteration } from "@diffrax-ts/root-finders";
 *
 * fixedPoint((y: Scalar) => cos(y), FixedPointIteration({ rtol: 1e-9, atol: 1e-9 }), 1).value.item();
 * // → 0.73908513…
 * ```
 */
export function fixedPoint<
  const Y,
  Solver extends FixedPointSolver | RootFinder | LeastSquaresSolver,
  const Args = undefined,
>(
  fn: NoInfer<(y: Traced<Y>, args: Traced<Args>) => unknown>,
  solver: Solver,
  y0: Y,
  options: NonlinearOptions<NoInfer<Y>, Args> = {},
): NonlinearSolution<Traced<Y>, StateOf<Solver>> {
  const given = checkGiven(askFixedPoint, fn, solver, y0, options as NonlinearOptions);
  return solveNonlinear(given) as NonlinearSolution<Traced<Y>, StateOf<Solver>>;
}
