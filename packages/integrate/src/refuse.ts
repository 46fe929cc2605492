import { type Result, resultMessage } from "@diffrax-ts/protocol";
import { flatten, keyPaths } from "@diffrax-ts/pytree";
import { numbersIn } from "./numbersIn.ts";
import type { Outcome } from "./Outcome.ts";
import type { RawOptions } from "./readOptions.ts";

/** How a solve ends if an equation could not be solved: that of a step, or that of an event. */
const solvesEquations: ReadonlySet<Result> = new Set([
  "nonlinearMaxStepsReached",
  "nonlinearDivergence",
  "singular",
]);

const aboutEvent =
  "It may also be the root finder of the event that failed: a condition that jumps from one sign to the other has no root, and should be a truth value. ";

/** Throws for a solve that failed. */
export function refuse(outcome: Outcome, { t0, t1, args, event }: RawOptions): never {
  const { result, tEnd, numSteps } = outcome as { result: Result; tEnd: number; numSteps: number };
  const isOfEvent = event !== null && event !== undefined && solvesEquations.has(result);
  const about = isOfEvent ? aboutEvent : result === "nonfinite" ? aboutArgs(args) : "";
  throw new Error(
    `diffeqsolve: ${resultMessage(result)} The solve from t0 = ${String(t0)} to t1 = ${String(t1)} came to ` +
      `t = ${tEnd} in ${numSteps} steps. ${about}With throw: false it is returned as far as it got, ` +
      `and its result is "${result}".`,
  );
}

/** Which of the arguments is no number itself, or infinite: most often that is why the solution is. */
function aboutArgs(args: unknown): string {
  const { leaves, structure } = flatten(args, "args");
  for (const [i, leaf] of leaves.entries()) {
    const culprit = numbersIn(leaf).find((n) => typeof n === "number" && !Number.isFinite(n));
    if (culprit !== undefined)
      return `${keyPaths(structure, "args")[i]!} ${typeof leaf === "number" ? "is" : "holds"} ${culprit}. `;
  }
  return "";
}
