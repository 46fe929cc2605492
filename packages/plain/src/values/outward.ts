import { fail, type Machine } from "../machine/Machine.ts";
import { elementsOf } from "./elements.ts";
import { Iteration } from "./Iteration.ts";
import { refuseUnsettled } from "./numbers.ts";
import { TypedList } from "./TypedList.ts";

/**
 * A value as functions outside of the reading take it, and as it is returned: typed arrays become arrays of their elements.
 *
 * @throws PlainError if a part of it is not known, or has no form outside.
 */
export function outward(m: Machine, x: unknown): unknown {
  refuseUnsettled(m, x);
  if (x instanceof Iteration)
    fail(m, "an iterator is no value to hand on", "make an array of it: [...list.entries()]");
  if (Array.isArray(x) || x instanceof TypedList)
    return Array.from(elementsOf(m, x), (element) => outward(m, element));
  if (typeof x !== "object" || x === null || Object.getPrototypeOf(x) !== Object.prototype)
    return x;
  return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, outward(m, value)]));
}
