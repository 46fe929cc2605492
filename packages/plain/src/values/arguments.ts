import { fail, type Machine } from "../machine/Machine.ts";
import { elementOf } from "./elements.ts";
import { describe, isTracedScalar, refuseUnsettled } from "./numbers.ts";
import { textOf } from "./texts.ts";
import { elementTypeOf } from "./TypedList.ts";

/**
 * What an argument of a method of arrays is for: checks it, and makes of it what JavaScript's own method takes.
 *
 * Each argument has a role, so that none that is traced can pass for a number that is known.
 */
export type Role = (m: Machine, x: unknown, list: unknown) => unknown;

/** A place, a number of elements or of levels: has to be known. */
export const index: Role = (m, x) => {
  refuseUnsettled(m, x);
  if (isTracedScalar(x))
    fail(
      m,
      "an index depends on a traced value",
      "make it fixed(n) in args, read the elements in a loop and choose with ?:, or write traced(f), with x.at(i)",
    );
  if (typeof x === "function" || (typeof x === "object" && x !== null))
    fail(m, `an index was expected, and this is ${describe(x)}`, "write a number");
  return x;
};

/** What stands between texts. */
export const text: Role = (m, x) => (x === undefined ? x : textOf(m, x));

/** What is put into the array, traced or not. */
export const element: Role = (m, x, list) => {
  const type = elementTypeOf(list);
  return type === undefined ? x : elementOf(m, type, x);
};
