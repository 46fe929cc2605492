import { isTensor, kindOf } from "@diffrax-ts/pytree";
import { checkFresh, fail, type Machine, mistake } from "../machine/Machine.ts";
import { callArrayMethod } from "./arrayMethods.ts";
import { elementsOf, isArrayLike } from "./elements.ts";
import { describe } from "./numbers.ts";
import { getProperty } from "./properties.ts";
import { isMissing } from "../isMissing.ts";

/** `object.key(...args)`. */
export function callMethod(
  m: Machine,
  object: unknown,
  key: string | number,
  ifMissing: unknown,
  args: () => readonly unknown[],
): unknown {
  if (isArrayLike(object)) {
    if (Array.isArray(object)) checkFresh(m, object);
    const element = typeof key === "number" ? getProperty(m, object, key) : undefined;
    return element === undefined
      ? callArrayMethod(m, object, String(key), args())
      : m.call(element, args());
  }
  if (typeof object === "function" && (key === "call" || key === "apply")) {
    const [, ...rest] = args();
    return m.call(object, key === "call" ? rest : isMissing(rest[0]) ? [] : elementsOf(m, rest[0]));
  }
  if (typeof object === "string")
    fail(m, "methods of texts are not read", "compute the text before, and pass it through args");
  const f = getProperty(m, object, key);
  if (f === undefined) {
    if (ifMissing !== undefined) return ifMissing;
    mistake(
      m,
      `.${key} is not a function of ${isTensor(object) ? "a number" : describe(object)}`,
      "look for a misspelt name",
    );
  }
  // A part of the library reads its data from `this`.
  if (kindOf(object) !== undefined)
    return (f as (...args: readonly unknown[]) => unknown).apply(object, [...args()]);
  return m.call(f, args());
}
