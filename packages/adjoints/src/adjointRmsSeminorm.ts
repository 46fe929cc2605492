import { rmsNorm, type Tree } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import type { AugmentedState } from "./AdjointTerm.ts";

/**
 * `rmsNorm` of the state and its gradient, without the gradients with respect to `args` and to the parameters of the term. Those
 * are integrals, whose errors do not grow, so that a solve backward in time need not make its steps shorter for them: it is the
 * `norm` of a `PIDController` that `BacksolveAdjoint` is given as its `stepsizeController`.
 *
 * @param state - `[y, a_y, a_args, a_term]`, the state of the adjoint equations.
 * @see Kidger, Chen and Lyons 2021, "Hey, that's not an ODE", https://arxiv.org/abs/2009.09457
 *
 * @example
 * ```ts
 * import { adjointRmsSeminorm } from "@diffrax-ts/adjoints";
 * import { tensor } from "@diffrax-ts/array";
 *
 * adjointRmsSeminorm([tensor(3), tensor(3), [tensor(1000)], []]).item();
 * // → 3
 * ```
 */
export function adjointRmsSeminorm(state: Tree): Scalar {
  const [y, aY] = state as AugmentedState;
  return rmsNorm([y, aY]);
}
