import { part } from "@diffrax-ts/pytree";
import type { LinearOperator } from "@diffrax-ts/linear-solvers";
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
import type { IterationStep, Problem } from "../IterativeSolver.ts";
import type { Linearisation } from "../Linearisation.ts";
import { linearise } from "./VeryChord.ts";

/** Newton's method with one derivative. */
export interface Chord extends NewtonChord {
  readonly kind: "Chord";
  linearise(operator: LinearOperator): Linearisation;
}

/**
 * Newton's method with the derivative where it starts: `y ← y - f'(y₀)⁻¹ f(y)`. It takes more steps than `Newton`, each of which needs
 * neither a derivative nor a factorisation.
 *
 * It takes `options: { lower, upper }`: iterates are moved into these bounds.
 *
 * @throws RangeError for a tolerance or `kappa` that is none.
 *
 * @example
 * ```ts
 * import { sub } from "@diffrax-ts/array";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { Chord, rootFind } from "@diffrax-ts/root-finders";
 *
 * const { value, stats } = rootFind((y: Scalar) => sub(y.mul(y), 2), Chord({ rtol: 1e-9, atol: 1e-9 }), 1.5);
 * value.item();
 * // → 1.41421356…
 * stats.numSteps;
 * // → 8
 * ```
 */
export function Chord(options: NewtonOptions = {}): Chord {
  return part("Chord", {
    ...completeNewtonOptions("Chord", options),
    linearise,
    init,
    step,
    terminate,
  });
}

function step(
  this: Chord,
  problem: Problem,
  y: Tree,
  state: NewtonState,
): IterationStep<NewtonState> {
  return stepWith(this, problem, problem.jacobian!.factors, y, state);
}
