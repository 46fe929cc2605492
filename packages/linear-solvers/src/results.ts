import { resultNames, type ResultTable } from "@diffrax-ts/autodiff";

/** How a linear solve can end. The names are those of Lineax in camelCase. */
export const LINEAR_RESULTS = {
  /** There is a solution. */
  successful: "successful",
  /** The solution is not finite, although matrix and vector are: the matrix has no inverse, or hardly one. */
  singular: "singular",
  /** The solution is not finite, and the matrix or the vector is not either. */
  nonfiniteInput: "nonfiniteInput",
} as const;

/** The name of how a linear solve ended. */
export type LinearResult = keyof typeof LINEAR_RESULTS;

/** What each result says to the user. Empty for success. */
export const linearMessages: ResultTable<LinearResult> = {
  successful: "",
  singular:
    "the solution is infinite or not a number: the matrix has no inverse, or hardly one; " +
    "with throw: false the result says so, and nothing is thrown",
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

/**
 * The name of a result, from its number in traced code.
 *
 * @throws RangeError for a number that means none.
 *
 * @example
 * ```ts
 * import { linearResultName } from "@diffrax-ts/linear-solvers";
 *
 * linearResultName(2);
 * // → "nonfiniteInput"
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
