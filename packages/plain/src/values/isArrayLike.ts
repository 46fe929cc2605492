import { isTensor, isTypedArray } from "@diffrax-ts/pytree";
import { TypedList } from "./TypedList.ts";

/** Whether a value has elements: an array, a vector of the state, a typed array. */
export function isArrayLike(x: unknown): x is ArrayLike<unknown> {
  return (
    isList(x) || x instanceof TypedList || (isTensor(x) && x.shape.length > 0) || isTypedArray(x)
  );
}

/** Whether a value is an `Array` in JavaScript; a matrix of the state is one of its rows. */
export function isList(x: unknown): boolean {
  return Array.isArray(x) || (isTensor(x) && x.shape.length > 1);
}
