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
  const others = nondifferentiableBackward(results, message);
  const saves = others.saves.map((save, i) => Object.assign(save, { ys: results.saves[i]!.ys }));
  return { ...others, saves };
}
