import { nondifferentiableBackward } from "@diffrax-ts/autodiff";
import type { Adjoint, AdjointProblem, SolveInputs, SolveResults } from "@diffrax-ts/protocol";
import { part } from "@diffrax-ts/pytree";

/** Differentiates the steps that the solver made, in forward mode alone. */
export interface ForwardMode extends Adjoint {
  readonly kind: "ForwardMode";
}

/**
 * Differentiates the steps that the solver made, in forward mode alone (`jvp`, `jacfwd`): reverse mode is an error. The default
 * goes through forward mode as well, at the same cost; this one says that nothing else is meant.
 *
 * @example
 * ```ts
 * import { ForwardMode } from "@diffrax-ts/adjoints";
 *
 * ForwardMode().kind;
 * // → "ForwardMode"
 * ```
 */
export function ForwardMode(): ForwardMode {
  return part("ForwardMode", { check, loop });
}

function check(): void {
  // There is nothing that forward mode cannot go through.
}

function loop<Inputs extends SolveInputs, Results extends SolveResults>({
  inputs,
  loop: run,
}: AdjointProblem<Inputs, Results>): Results {
  return nondifferentiableBackward(
    run(inputs),
    "diffeqsolve: adjoint: ForwardMode() cannot be differentiated backwards (grad, vjp, jacrev); " +
      "use jvp or jacfwd, or leave the adjoint out: RecursiveCheckpointAdjoint() goes both ways",
  );
}
