import { resultConstant, resultNames, type ResultTable } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";

/** How a linear solve can end. The names are those of Lineax in camelCase. */
export const LINEAR_RESULTS = {
  /** There is a solution. */
  successful: "successful",
  /** An iterative solver came to the end of its steps. */
  maxStepsReached: "maxStepsReached",
  /**
   * The solution is not finite, although operator and vector are, or an iterative solver without `maxSteps` does not come to an end: the
   * operator has no inverse, or hardly one.
   */
  singular: "singular",
  /** An iterative solver divided by zero. */
  breakdown: "breakdown",
  /** The residual of an iterative solver does not get smaller any more. */
  stagnation: "stagnation",
  /** The condition number is larger than `conlim`. */
  conlim: "conlim",
  /** The solution is not finite, and the operator or the vector is not either. */
  nonfiniteInput: "nonfiniteInput",
} as const;

/** The name of how a linear solve ended. */
export type LinearResult = keyof typeof LINEAR_RESULTS;

/** What each result says to the user. Empty for success. */
export const linearMessages: ResultTable<LinearResult> = {
  successful: "",
  maxStepsReached:
    "the solver has taken maxSteps steps without a solution; allow more, or give it a preconditioner",
  singular:
    "the solution is infinite or not a number, or is not reached: the matrix has no inverse, or hardly one, " +
    "or is not what its tags say; for least squares use AutoLinearSolver({ wellPosed: false }); " +
    "with throw: false the result says so, and nothing is thrown",
  breakdown: "the iteration divided by zero; use another solver, or with GMRES a larger restart",
  stagnation:
    "the residual does not get smaller any more; use larger tolerances, a larger restart or more stagnationIters",
  conlim: "the condition number of the operator is larger than conlim",
  nonfiniteInput:
    "the matrix or the vector holds a number that is infinite or not a number; look at what they are computed from",
};

/**
 * The number of a result in traced code; success is 0.
 *
 * @example
 * ```ts
 * import { linearResultCode, linearResultName } from "@diffrax-ts/linear-solvers";
 *
 * linearResultCode("successful");
 * // → 0
 * linearResultName(linearResultCode("singular"));
 * // → "singular"
 * ```
 */
export function linearResultCode(result: LinearResult): number {
  return resultNames(linearMessages).indexOf(result);
}

/** A result as an int32 constant of traced code. */
export function resultTensor(result: LinearResult): Tensor {
  return resultConstant(linearMessages, result);
}

/**
 * The name of a result, from its number in traced code.
 *
 * @throws RangeError for a number that means none.
 *
 * @example
 * ```ts
 * import { linearResultName } from "@diffrax-ts/linear-solvers";
 *
 * linearResultName(1);
 * // → "maxStepsReached"
 * ```
 */
export function linearResultName(code: number): LinearResult {
  const names = resultNames(linearMessages);
  const name = names[code];
  if (name !== undefined) return name;
  throw new RangeError(
    `linearResultName: code must be one of 0 to ${names.length - 1}, got ${code}`,
  );
}
