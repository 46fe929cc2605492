import { isTensor } from "@diffrax-ts/pytree";
import { isMissing } from "../isMissing.ts";
import { fail, type Machine } from "../machine/Machine.ts";
import { elementsOf } from "./elements.ts";
import { isArrayLike } from "./isArrayLike.ts";
import { describe, refuseUnsettled } from "./numbers.ts";

/** A key of an object, or an index; of numbers those that can be one. */
export type Key = string | number;

/** A key that is known. */
export function keyOf(m: Machine, key: unknown): Key {
  if (typeof key === "number" && Number.isInteger(key) && key >= 0) return key;
  refuseUnsettled(m, key);
  if (isTensor(key) && key.shape.length === 0)
    fail(
      m,
      "an index depends on a traced value",
      "make it fixed(n) in args, read the elements in a loop and choose with ?:, or write traced(f), with x.at(i)",
    );
  return textOf(m, key);
}

/** The index that a key is; `undefined` for any other. */
export function indexOfKey(key: Key): number | undefined {
  if (typeof key === "number") return key;
  const i = Number(key);
  // "01" and "1.0" are no indices.
  return Number.isInteger(i) && i >= 0 && String(i) === key ? i : undefined;
}

/** Whether a key is the text of a number, index or not: a typed array has no other elements than those it has. */
export function isNumeric(key: Key): boolean {
  return typeof key === "number" || key === "-0" || String(Number(key)) === key;
}

/**
 * The text that JavaScript makes of a value.
 *
 * @throws PlainError if it depends on a traced value.
 */
export function textOf(m: Machine, x: unknown): string {
  if (x === null || (typeof x !== "object" && typeof x !== "function")) return String(x);
  refuseUnsettled(m, x);
  if (isArrayLike(x)) return joined(m, x, ",");
  if (isTensor(x)) fail(m, "a text cannot hold a traced value", "leave it out of the text");
  const isOrdinary =
    Object.getPrototypeOf(x) === Object.prototype &&
    !Object.hasOwn(x, "toString") &&
    !Object.hasOwn(x, "valueOf");
  return isOrdinary
    ? "[object Object]"
    : fail(m, `the text of ${describe(x)} is not read`, "write the text as it is");
}

/** `list.join(separator)`. */
export function joined(m: Machine, list: unknown, separator: string): string {
  return Array.from(elementsOf(m, list), (x) => (isMissing(x) ? "" : textOf(m, x))).join(separator);
}
