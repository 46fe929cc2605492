import type { Adjoint, AdjointProblem, SolveInputs, SolveResults } from "@diffrax-ts/protocol";
import { part } from "@diffrax-ts/pytree";

/** Differentiates the steps that the solver made, and remembers all of them. */
export interface DirectAdjoint extends Adjoint {
  readonly kind: "DirectAdjoint";
}

/**
 * Differentiates the steps that the solver made, and remembers all of them: there is room for `maxSteps` steps, whatever that
 * takes. Without `maxSteps` it is `RecursiveCheckpointAdjoint()`, which remembers all steps too, as long as 32 MB hold them, and
 * is to be preferred.
 *
 * @example
 * ```ts
 * import { DirectAdjoint } from "@diffrax-ts/adjoints";
 *
 * DirectAdjoint().kind;
 * // → "DirectAdjoint"
 * ```
 */
export function DirectAdjoint(): DirectAdjoint {
  return part("DirectAdjoint", { check, loop });
}

function check(): void {
  // There is nothing that it cannot differentiate.
}

function loop<Inputs extends SolveInputs, Results extends SolveResults>({
  inputs,
  loop: run,
}: AdjointProblem<Inputs, Results>): Results {
  return run(inputs, { checkpoints: inputs.maxSteps === null ? undefined : "all" });
}
