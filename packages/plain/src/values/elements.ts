import { isTensor, isTypedArray } from "@diffrax-ts/pytree";
import {
  checkFresh,
  countTurns,
  fail,
  type Machine,
  mistake,
  mostTurns,
  resolve,
} from "../machine/Machine.ts";
import { describe, refuseUnsettled, settled } from "./numbers.ts";

/** Whether a value has elements: an array, a vector of the state, a typed array. */
export function isArrayLike(x: unknown): x is ArrayLike<unknown> {
  return Array.isArray(x) || (isTensor(x) && x.shape.length > 0) || isTypedArray(x);
}

/** The elements of a value as they are now. */
export function elementsOf(m: Machine, x: unknown): readonly unknown[] {
  const elements = liveElements(m, x);
  return m.forks.length === 0 ? elements : elements.map((element) => resolve(m, element));
}

/** The elements of a value, each to be read by `elementAt` in its turn: those of an array may have changed by then. */
export function liveElements(m: Machine, x: unknown): readonly unknown[] {
  refuseUnsettled(m, x);
  if (Array.isArray(x)) {
    checkFresh(m, x);
    return x;
  }
  if (isTensor(x) && x.shape.length > 0) {
    if (x.shape[0]! > mostTurns) countTurns(m, x.shape[0]!); // of fewer each turn is counted where it is made
    return Array.from({ length: x.shape[0]! }, (_, i) => settled(x.at(i)));
  }
  if (isTypedArray(x)) return Array.from(x as Float64Array);
  if (typeof x === "string") return Array.from(x);
  return mistake(
    m,
    `an array was expected, and this is ${isTensor(x) ? "a number" : describe(x)}`,
    "look for a misspelt name",
  );
}

/** One of `liveElements`. */
export function elementAt(m: Machine, elements: readonly unknown[], i: number): unknown {
  checkFresh(m, elements);
  return resolve(m, elements[i]);
}

/** An array of `n` elements. */
export function emptyArray(m: Machine, n: number, value: unknown): unknown[] {
  if (!(Number.isInteger(n) && n >= 0 && n <= 100_000))
    fail(m, `an array of ${n} elements`, "use array operations in a traced(…) function");
  return Array.from({ length: n }, () => value);
}
