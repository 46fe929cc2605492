import { equal, where } from "@diffrax-ts/array";
import { resultCode, type TracedResult } from "@diffrax-ts/protocol";

/** The first of several results that is not success; success if all are. */
export function firstFailure(results: readonly TracedResult[]): TracedResult {
  return results.reduce((first, next) => {
    if (first === null) return next;
    return next === null ? first : where(equal(first, resultCode("successful")), next, first);
  });
}
