import type { Adjoint, AdjointProblem, SolveInputs, SolveResults } from "@diffrax-ts/protocol";
import { checkOptions, part } from "@diffrax-ts/pytree";

/** Options of `RecursiveCheckpointAdjoint`. */
export interface RecursiveCheckpointAdjointOptions {
  /**
   * How many steps are remembered; the others are made again on the way back. @defaultValue all, if they fit into 32 MB, and as
   * many as do otherwise
   */
  readonly checkpoints?: number | null;
}

/** Differentiates the steps that the solver made. */
export interface RecursiveCheckpointAdjoint extends Adjoint {
  readonly kind: "RecursiveCheckpointAdjoint";
  readonly checkpoints: number | null;
}

/**
 * Differentiates the steps that the solver made: "discretise, then optimise". The default of `diffeqsolve`, and nearly always
 * what is wanted: the gradient is that of the numerical solution, exact but for roundings.
 *
 * Reverse mode remembers the steps, or some of them, and makes those between them again; forward mode goes along with the solve.
 * With `n` steps and `c` checkpoints no step is made again more than `r` times, `r` being the least number with
 * `binomial(c + r, r) >= n`. What takes long to compute within a step (products of matrices, elementary functions of arrays, loops) is
 * remembered too, as far as it fits into another 32 MB.
 *
 * @throws RangeError if `checkpoints` is not a whole number above 0.
 * @see Stumm and Walther 2010, https://doi.org/10.1137/080742439
 * @see Wang, Moin and Iaccarino 2009, https://doi.org/10.1137/080727890
 *
 * @example
 * ```ts
 * import { RecursiveCheckpointAdjoint } from "@diffrax-ts/adjoints";
 *
 * RecursiveCheckpointAdjoint({ checkpoints: 100 }).checkpoints;
 * // → 100
 * ```
 */
export function RecursiveCheckpointAdjoint(
  options: RecursiveCheckpointAdjointOptions = {},
): RecursiveCheckpointAdjoint {
  const { checkpoints = null } = checkOptions("RecursiveCheckpointAdjoint", options, [
    "checkpoints",
  ]);
  if (checkpoints !== null && !(Number.isInteger(checkpoints) && checkpoints > 0)) {
    throw new RangeError(
      `RecursiveCheckpointAdjoint: checkpoints must be a whole number above 0, or null, got ${checkpoints}`,
    );
  }
  return part("RecursiveCheckpointAdjoint", { checkpoints, check, loop });
}

function check(): void {
  // There is nothing that it cannot differentiate.
}

function loop<Inputs extends SolveInputs, Results extends SolveResults>(
  this: RecursiveCheckpointAdjoint,
  { inputs, loop: run }: AdjointProblem<Inputs, Results>,
): Results {
  return run(inputs, { checkpoints: this.checkpoints ?? undefined });
}
