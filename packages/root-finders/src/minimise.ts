import type { Traced } from "@diffrax-ts/pytree";
import { checkGiven } from "./checkGiven.ts";
import type { Minimiser } from "./Minimiser.ts";
import type { NonlinearOptions } from "./NonlinearOptions.ts";
import type { NonlinearSolution, StateOf } from "./NonlinearSolution.ts";
import { solveNonlinear } from "./solveNonlinear.ts";
import { askMinimum } from "./tasks.ts";

/**
 * The `y` at which the number `fn(y, args)` is least, near `y0`.
 *
 * Derivatives of any order are those of the implicit function theorem for `∇ fn = 0`: one linear solve with the Hessian.
 *
 * @param fn - `(y, args) => number`, on tensors: a scalar of floats.
 * @param minimiser - `BFGS(…)`.
 * @param y0 - Where to start: a tree of tensors or numbers, all of one float dtype.
 * @throws TypeError if `fn` returns no scalar, and for missing tolerances; Error if no minimum is found, unless `throw: false`. Inside a
 * traced function that is found when it runs.
 *
 * @example
 * ```ts
 * import { add, mul, square, sub } from "@diffrax-ts/array";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { BFGS, minimise } from "@diffrax-ts/root-finders";
 *
 * // Rosenbrock's valley.
 * const valley = ([x, y]: readonly [Scalar, Scalar]) =>
 *   add(square(sub(1, x)), mul(100, square(sub(y, square(x)))));
 * const { value } = minimise(valley, BFGS({ rtol: 1e-9, atol: 1e-9 }), [-1, 1] as const);
 * value.map((x) => x.item());
 * // → [1.00000…, 1.00000…]
 * ```
 */
export function minimise<const Y, Solver extends Minimiser, const Args = undefined>(
  fn: NoInfer<(y: Traced<Y>, args: Traced<Args>) => unknown>,
  minimiser: Solver,
  y0: Y,
  options: NonlinearOptions<NoInfer<Y>, Args> = {},
): NonlinearSolution<Traced<Y>, StateOf<Solver>> {
  const given = checkGiven(askMinimum, fn, minimiser, y0, options as NonlinearOptions);
  return solveNonlinear(given) as NonlinearSolution<Traced<Y>, StateOf<Solver>>;
}
