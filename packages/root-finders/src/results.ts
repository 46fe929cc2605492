import { equal, notEqual, where } from "@diffrax-ts/array";
import { assert } from "@diffrax-ts/autodiff";
import { linearResultCode } from "@diffrax-ts/linear-solvers";
import { type Result, resultCode, resultName, resultTensor } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";

/** How the search for a root, a fixed point or a minimum can end: one of the names, and of the numbers in traced code, that a solve of a differential equation has too. */
export type NonlinearResult = Exclude<
  Result,
  | "dtMinReached"
  | "eventOccurred"
  | "eventsAccumulate"
  | "maxStepsRejected"
  | "internalError"
  | "interrupted"
  | "pathTooCoarse"
>;

/** What each result says to the user. Empty for success. */
const messages: Readonly<Record<NonlinearResult, string>> = {
  successful: "",
  nonlinearMaxStepsReached:
    "there is no solution yet after maxSteps steps; start closer to it, allow more steps, or take larger tolerances",
  nonlinearDivergence:
    "the iteration diverges, or does not come nearer to a solution; start closer to one, or use another method",
  nonfinite:
    "an iterate is infinite or not a number; start closer to a solution, or keep it within options.lower and options.upper",
  singular:
    "the derivative of fn has no inverse where the iteration came to, or hardly one; start elsewhere, or use a method that needs none",
  nonfiniteInput:
    "fn is infinite or not a number where the iteration came to; start closer to a solution, or keep it within options.lower and options.upper",
  maxStepsReached: "the linear solver has taken its maxSteps steps without a solution",
  breakdown: "the linear solver divided by zero; use another one",
  stagnation: "the residual of the linear solver does not get smaller any more",
  conlim: "the condition number of the derivative of fn is larger than conlim",
};

/** The name of a result, from its number in traced code. */
export function nonlinearResultName(code: number): NonlinearResult {
  return resultName(code) as NonlinearResult;
}

/** What a result says to the user. */
export function nonlinearMessage(result: NonlinearResult): string {
  return messages[result];
}

/** Inside a traced function: each failure is an error when what is traced runs. */
export function assertSolved(name: string, result: Tensor): void {
  for (const [failure, message] of Object.entries(messages) as [NonlinearResult, string][])
    if (message !== "") assert(notEqual(result, resultCode(failure)), `${name}: ${message}`);
}

/** How a linear solve within an iteration ended, as a result of the iteration. */
export function fromLinear(code: Tensor): Tensor {
  const linear = [
    "maxStepsReached",
    "singular",
    "breakdown",
    "stagnation",
    "conlim",
    "nonfiniteInput",
  ] as const;
  return linear.reduce<Tensor>(
    (result, name) => where(equal(code, linearResultCode(name)), resultTensor(name), result),
    resultTensor("successful"),
  );
}
