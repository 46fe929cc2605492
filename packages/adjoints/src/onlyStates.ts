import { nondifferentiableBackward } from "@diffrax-ts/autodiff";
import type { SolveResults } from "@diffrax-ts/protocol";

/** The results of a solve, of which only the saved states can be differentiated backwards. */
export function onlyStates<Results extends SolveResults>(
  results: Results,
  adjoint: string,
): Results {
  const message =
    `diffeqsolve: adjoint: with ${adjoint}() only solution.ys can be differentiated; leave the adjoint out, ` +
    "which then is RecursiveCheckpointAdjoint(), for the rest of the solution";
  const { saves, ...rest } = results;
  return {
    ...nondifferentiableBackward(rest, message),
    saves: saves.map(({ ys, ...save }) => ({ ...nondifferentiableBackward(save, message), ys })),
  } as unknown as Results;
}
