import { checkOptions, describeValue, type Tensor, type Traced } from "@diffrax-ts/pytree";
import { requireFunction } from "../requireFunction.ts";
import { treeLoop } from "./treeLoop.ts";

/** Options of `whileLoop`. */
export interface WhileOptions {
  /** Stop after this many turns. @defaultValue no limit */
  readonly maxSteps?: number | null;
  /**
   * How many turns reverse mode remembers; it does the others again. With `n` turns and `c` of them remembered, none
   * is done again more than `r` times, where `r` is the least number with `binomial(c + r, r) >= n`. `"all"` needs
   * `maxSteps`, and takes as much memory as that many turns need. @defaultValue as many as fit into 32 MB, and at most 4096 without `maxSteps`
   */
  readonly checkpoints?: number | "all";
}

/**
 * `while (cond(state)) state = body(state)`, as one equation.
 *
 * @param cond - Of the state: a scalar truth value.
 * @param body - The next state: a tree of the same structure, dtypes and shapes.
 * @returns The last state.
 * @throws TypeError if the body returns another structure, another dtype or another shape; RangeError if `maxSteps` is no whole number.
 *
 * @example
 * ```ts
 * import { jit, whileLoop } from "@diffrax-ts/autodiff";
 * import { add, less, mul } from "@diffrax-ts/program";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const doublings = jit((x: Scalar) =>
 *   whileLoop(
 *     (state) => less(state.x, 1000),
 *     (state) => ({ x: mul(state.x, 2), n: add(state.n, 1) }),
 *     { x, n: 0 },
 *   ),
 * );
 * doublings(1).n.item();
 * // → 10
 * ```
 */
export function whileLoop<State>(
  cond: (state: Traced<State>) => Tensor,
  body: (state: Traced<State>) => NoInfer<Traced<State>>,
  init: State,
  options: WhileOptions = {},
): Traced<State> {
  requireFunction("whileLoop: cond", cond);
  requireFunction("whileLoop: body", body);
  const { maxSteps = null, checkpoints } = checkOptions("whileLoop", options, [
    "maxSteps",
    "checkpoints",
  ]);
  if (maxSteps !== null && !(Number.isInteger(maxSteps) && maxSteps >= 0)) {
    throw new RangeError(
      `whileLoop: maxSteps must be a whole number, or null for no limit, got ${describeValue(maxSteps)}`,
    );
  }
  return treeLoop("whileLoop", init as Traced<State>, cond, body, {
    bound: maxSteps,
    isCounted: maxSteps !== null,
    checkpoints,
  });
}
