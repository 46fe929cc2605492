import { part } from "@diffrax-ts/pytree";
import type { Tree } from "@diffrax-ts/protocol";
import {
  completeNewtonOptions,
  init,
  type NewtonChord,
  type NewtonOptions,
  type NewtonState,
  stepWith,
  terminate,
} from "./newtonChord.ts";
import { jacobianAt } from "./newtonStep.ts";
import type { IterationStep, Problem } from "../IterativeSolver.ts";

/** Newton's method. */
export interface Newton extends NewtonChord {
  readonly kind: "Newton";
}

/**
 * Newton's method: `y ← y - f'(y)⁻¹ f(y)`. Close to a root, each step doubles the number of digits that are right.
 *
 * It takes `options: { lower, upper }`: iterates are moved into these bounds.
 *
 * @throws RangeError for a tolerance or `kappa` that is none.
 *
 * @example
 * ```ts
 * import { sub } from "@diffrax-ts/array";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { Newton, rootFind } from "@diffrax-ts/root-finders";
 *
 * const { value, stats } = rootFind((y: Scalar) => sub(y.mul(y), 2), Newton({ rtol: 1e-9, atol: 1e-9 }), 1.5);
 * value.item();
 * // → 1.414213562…
 * stats.numSteps;
 * // → 4
 * ```
 */
export function Newton(options: NewtonOptions = {}): Newton {
  return part("Newton", { ...completeNewtonOptions("Newton", options), init, step, terminate });
}

function step(
  this: Newton,
  problem: Problem,
  y: Tree,
  state: NewtonState,
): IterationStep<NewtonState> {
  const factors = this.linearSolver.init(jacobianAt(problem, y));
  return stepWith(this, problem, factors, y, state);
}
