import { equal, logicalOr, where } from "@diffrax-ts/array";
import { assertResult, resultConstant, resultNames, type ResultTable } from "@diffrax-ts/autodiff";
import { isTensor, type Scalar, type Tensor } from "@diffrax-ts/pytree";

/**
 * How an integration can end. The names are Diffrax's in camelCase; `nonfinite` is ours.
 *
 * At top level a solution holds one of these names; inside a traced function, its number as an int32 tensor.
 */
export const RESULTS = {
  /** It came to `t1`. */
  successful: "successful",
  /** `maxSteps` steps were made, rejected ones included, and `t1` is still ahead. */
  maxStepsReached: "maxStepsReached",
  /** Steps became too short to go on: shorter than `dtmin`, or than the spacing of floating-point numbers. */
  dtMinReached: "dtMinReached",
  /** It was ended by an event. */
  eventOccurred: "eventOccurred",
  /** More steps were rejected in a row than there is room to store. */
  maxStepsRejected: "maxStepsRejected",
  /** A bug of the library. */
  internalError: "internalError",
  /** An implicit solver's nonlinear solve ran out of steps. */
  nonlinearMaxStepsReached: "nonlinearMaxStepsReached",
  /** An implicit solver's nonlinear solve diverged. */
  nonlinearDivergence: "nonlinearDivergence",
  /** The solution became infinite or not a number. */
  nonfinite: "nonfinite",
  /** A linear solve within an implicit solver's nonlinear one met a matrix that has no inverse, or hardly one. */
  singular: "singular",
  /** The same met numbers that are infinite or not a number. */
  nonfiniteInput: "nonfiniteInput",
  /** An iterative linear solver within a nonlinear one divided by zero. */
  breakdown: "breakdown",
  /** The residual of such a solver did not get smaller any more. */
  stagnation: "stagnation",
  /** The condition number of the matrix is larger than the solver's `conlim`. */
  conlim: "conlim",
  /** Events that change the state came closer and closer together, as the bounces of a ball that comes to rest. */
  eventsAccumulate: "eventsAccumulate",
  /** It was stopped on its way, by whoever ran it. */
  interrupted: "interrupted",
  /** A step began and ended within one piece of a Brownian tree, whose law is not exact there. */
  pathTooCoarse: "pathTooCoarse",
} as const;

/** The name of a result. */
export type Result = keyof typeof RESULTS;

/** What helps where an implicit step fails. */
const shorter =
  "With constant steps take shorter ones, or an adaptive step size controller such as PIDController({ rtol, atol }), which does so where it has to; " +
  "if that was one, see whether the solution runs to infinity or the vector field jumps";

/** What each result says to the user. */
const messages: ResultTable<Result> = {
  successful: "",
  maxStepsReached:
    "The maximum number of solver steps was reached. If the steps are as long as the solution allows, increase maxSteps; " +
    "if they became shorter and shorter, more of them will not help: see whether the solution runs to infinity, or the equation is stiff.",
  dtMinReached:
    "The minimum step size was reached in the differential equation solver. Steps became too short to go on, as where a solution " +
    "runs to infinity or jumps, or where tolerances ask for more digits than there are.",
  eventOccurred: "The solve was ended by an event.",
  maxStepsRejected:
    "The maximum number of rejected steps was reached: more steps were rejected in a row than storeRejectedSteps has room for.",
  internalError:
    "An internal error occurred. This is a bug: please report it with a short example.",
  nonlinearMaxStepsReached: `The nonlinear solve reached its maximum number of steps, rootFindMaxSteps. Give it more than that, if it is below the default of 10. ${shorter}.`,
  nonlinearDivergence: `The nonlinear solve diverged. ${shorter}.`,
  nonfinite: "The solution became infinite or not a number.",
  singular: `The matrix of a linear solve within the step has no inverse, or hardly one. ${shorter}.`,
  nonfiniteInput:
    "A linear solve within the step was given numbers that are infinite or not a number.",
  breakdown: "An iterative linear solver within the step divided by zero.",
  stagnation:
    "The residual of an iterative linear solver within the step did not get smaller any more.",
  conlim: "The condition number of a matrix within the step is larger than conlim.",
  eventsAccumulate:
    "Events accumulate: one that changes the state came again at the same time, as the bounces of a ball that comes to rest do. " +
    "The solution has no steps beyond that time: end the solve before it, with terminal: n or an event without a change, or solve another equation from there.",
  interrupted: "The solve was stopped on its way.",
  pathTooCoarse:
    "A step was shorter than the tol of a VirtualBrownianTree: it began and ended within one of the pieces down to which the tree is halved, " +
    "where increments do not have the law of a Brownian motion. Give the tree a smaller tol, or the step size controller a dtmin that is not below it.",
};

/**
 * The number of a result in traced code.
 *
 * @example
 * ```ts
 * import { resultCode, resultName } from "@diffrax-ts/protocol";
 *
 * resultCode("successful");
 * // → 0
 * resultName(resultCode("nonfinite"));
 * // → "nonfinite"
 * ```
 */
export function resultCode(result: Result): number {
  return resultNames(messages).indexOf(result);
}

/** A result as an int32 constant of traced code. */
export function resultTensor(result: Result): Scalar {
  return resultConstant(messages, result);
}

/** The name of a result, from its number in traced code; `internalError` for a number that means none. */
export function resultName(code: number): Result {
  return resultNames(messages)[code] ?? "internalError";
}

/** What a result says to the user. Empty for success. */
export function resultMessage(result: Result): string {
  return messages[result];
}

/**
 * Inside a traced function: each result that is not okay is an error when what is traced runs.
 *
 * @param prefix - What its message begins with.
 */
export function assertOkay(result: Tensor, prefix = "diffeqsolve: "): void {
  assertResult(messages, result, (name) => !isOkay(name), prefix);
}

/** The first of several results that is not success; success if all are. */
export function firstFailure(results: readonly TracedResult[]): TracedResult {
  return results.reduce((first, next) => {
    if (first === null) return next;
    return next === null ? first : where(equal(first, resultCode("successful")), next, first);
  });
}

/**
 * Whether an integration went as it should: to its end, or to an event.
 *
 * @param result - Its name; or its number, as inside a traced function: then the answer is a truth value as a tensor.
 *
 * @example
 * ```ts
 * import { isOkay } from "@diffrax-ts/protocol";
 *
 * isOkay("eventOccurred");
 * // → true
 * isOkay("maxStepsReached");
 * // → false
 * ```
 */
export function isOkay(result: Result): boolean;
export function isOkay(result: Tensor): Tensor;
export function isOkay(result: Result | Tensor): boolean | Tensor;
export function isOkay(result: Result | Tensor): boolean | Tensor {
  return isOneOf(result, ["successful", "eventOccurred"]);
}

/** Whether an integration went to its end; `result` as for `isOkay`. */
export function isSuccessful(result: Result): boolean;
export function isSuccessful(result: Tensor): Tensor;
export function isSuccessful(result: Result | Tensor): boolean | Tensor;
export function isSuccessful(result: Result | Tensor): boolean | Tensor {
  return isOneOf(result, ["successful"]);
}

/** Whether an integration was ended by an event; `result` as for `isOkay`. */
export function isEvent(result: Result): boolean;
export function isEvent(result: Tensor): Tensor;
export function isEvent(result: Result | Tensor): boolean | Tensor;
export function isEvent(result: Result | Tensor): boolean | Tensor {
  return isOneOf(result, ["eventOccurred"]);
}

function isOneOf(result: Result | Tensor, names: readonly Result[]): boolean | Tensor {
  if (!isTensor(result)) return names.includes(result);
  return names.map((name) => equal(result, resultCode(name))).reduce((a, b) => logicalOr(a, b));
}

/** A result in traced code: `null` is success, known when the function is traced. */
export type TracedResult = Tensor | null;
