import type { Traced } from "@diffrax-ts/pytree";
import { checkGiven } from "./checkGiven.ts";
import type { LeastSquaresSolver } from "./LeastSquaresSolver.ts";
import type { Minimiser } from "./Minimiser.ts";
import type { NonlinearOptions } from "./NonlinearOptions.ts";
import type { NonlinearSolution, StateOf } from "./NonlinearSolution.ts";
import { solveNonlinear } from "./solveNonlinear.ts";
import { askLeastSquares } from "./tasks.ts";

/**
 * The `y` at which the sum of squares `Σ fn(y, args)²` is least, near `y0`.
 *
 * Derivatives of any order are those of the implicit function theorem for `∇ ½ Σ fn² = 0`: one linear solve with the whole Hessian.
 *
 * @param fn - `(y, args) => residuals`, on tensors: any tree of floats.
 * @param solver - `LevenbergMarquardt(…)`, `GaussNewton(…)`; or a minimiser such as `BFGS(…)`.
 * @param y0 - Where to start: a tree of tensors or numbers, all of one float dtype.
 * @throws TypeError for residuals that are no floats, and for missing tolerances; Error if no minimum is found, unless `throw: false`. Inside a
 * traced function that is found when it runs.
 *
 * @example
 * ```ts
 * import { exp, mul, sub, tensor } from "@diffrax-ts/array";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { leastSquares, LevenbergMarquardt } from "@diffrax-ts/root-finders";
 *
 * // a exp(-k t) through four points.
 * const [t, counts] = [tensor([0, 1, 2, 3]), tensor([8, 4, 2, 1])];
 * const residuals = ({ a, k }: { a: Scalar; k: Scalar }) => sub(mul(a, exp(mul(k.neg(), t))), counts);
 * const { value } = leastSquares(residuals, LevenbergMarquardt({ rtol: 1e-8, atol: 1e-8 }), { a: 5, k: 1 });
 * [value.a.item(), value.k.item() / Math.LN2];
 * // → [8.000000…, 1.00000…]
 * ```
 */
export function leastSquares<
  const Y,
  Solver extends LeastSquaresSolver | Minimiser,
  const Args = undefined,
>(
  fn: NoInfer<(y: Traced<Y>, args: Traced<Args>) => unknown>,
  solver: Solver,
  y0: Y,
  options: NonlinearOptions<NoInfer<Y>, Args> = {},
): NonlinearSolution<Traced<Y>, StateOf<Solver>> {
  const given = checkGiven(askLeastSquares, fn, solver, y0, options as NonlinearOptions);
  return solveNonlinear(given) as NonlinearSolution<Traced<Y>, StateOf<Solver>>;
}
