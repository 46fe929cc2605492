import { sub } from "@diffrax-ts/array";
import { watched } from "@diffrax-ts/autodiff";
import { isTraced } from "@diffrax-ts/program";
import { type Result, resultName } from "@diffrax-ts/protocol";
import { isTensor, type Tensor } from "@diffrax-ts/pytree";
import type { Outcome } from "./Outcome.ts";

/** What whoever asks in a trace how a solve ended is told, if nothing comes of the answer. */
export const useResult: string =
  "the result of a solve was asked for and not used; inside a traced function it is a tensor, which no text is equal to, " +
  "so write isSuccessful(result), and np.where(…) or cond(…) with that";

/** How the solve ended: by its name where that is known, inside a traced function too. */
export function endOfSolve({ result }: Outcome): Result | Tensor {
  return isTensor(result) && !isTraced(result) ? resultName(result.item()) : result;
}

/** What was counted: numbers where they are known, inside a traced function too. */
export function statsOf(outcome: Outcome, maxSteps: number | null): object {
  const [numSteps, numAcceptedSteps] = [known(outcome.numSteps), known(outcome.numAccepted)];
  const { counts } = outcome;
  const work = Object.entries(counts ?? {}).map(([name, count]) => [name, known(count)] as const);
  const others = { ...Object.fromEntries(work), maxSteps };
  if (!isTensor(numSteps) || !isTensor(numAcceptedSteps)) {
    const numRejectedSteps = Number(numSteps) - Number(numAcceptedSteps);
    return { numSteps, numAcceptedSteps, numRejectedSteps, ...others };
  }
  const stats = {
    numSteps,
    numAcceptedSteps,
    // Made when it is asked for: to make it is to use the others.
    get numRejectedSteps(): Tensor {
      const difference = { numRejectedSteps: sub(numSteps, numAcceptedSteps) };
      return watched(difference, { numRejectedSteps: useCount("numRejectedSteps") })
        .numRejectedSteps;
    },
    ...others,
  };
  const names = ["numSteps", "numAcceptedSteps", ...work.map(([name]) => name)];
  return watched(stats, Object.fromEntries(names.map((name) => [name, useCount(name)])));
}

function known(count: number | Tensor): number | Tensor {
  return isTensor(count) && !isTraced(count) ? count.item() : count;
}

function useCount(name: string): string {
  return (
    `stats.${name} of a solve was asked for and not used; inside a traced function it is a tensor, which no number is equal to, ` +
    "so write np.equal(…), np.less(…) and so on, and np.where(…) or cond(…) with that"
  );
}
