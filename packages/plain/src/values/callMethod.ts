import { kindOf } from "@diffrax-ts/pytree";
import { isMissing } from "../isMissing.ts";
import { fail, type Machine, mistake } from "../machine/Machine.ts";
import { callArrayMethod } from "./arrayMethods.ts";
import { elementsOf, typedList } from "./elements.ts";
import { isArrayLike } from "./isArrayLike.ts";
import { listFrom } from "./globals.ts";
import { describe, kindOfScalar } from "./numbers.ts";
import { outward } from "./outward.ts";
import { getProperty, hasOwn } from "./properties.ts";
import { type Key, keyOf } from "./texts.ts";
import { typeNamed } from "./TypedList.ts";

/** `object.key(...args)`. */
export function callMethod(
  m: Machine,
  object: unknown,
  key: Key,
  ifMissing: unknown,
  args: () => readonly unknown[],
): unknown {
  const f = getProperty(m, object, key);
  if (isMissing(f)) {
    if (ifMissing !== undefined) return ifMissing;
    refuseMissing(m, object, key);
  }
  // A part of the library reads its data from `this`.
  if (kindOf(object) !== undefined)
    return (f as (...args: readonly unknown[]) => unknown).apply(
      object,
      args().map((arg) => outward(m, arg)),
    );
  return hasOwn(m, object, key) ? m.call(f, args()) : callInherited(m, object, key, args());
}

/** @throws PlainError that says what to write where numbers are taken for tensors. */
function refuseMissing(m: Machine, object: unknown, key: Key): never {
  const isNumber = kindOfScalar(object) !== undefined;
  if (isNumber || isArrayLike(object))
    mistake(
      m,
      `.${key} of ${isNumber ? "a number" : "an array"}: a plain function sees ${isNumber ? "numbers" : "ordinary arrays"} here`,
      "use + - * / and Math on numbers, or wrap a function that works on tensors: traced(f)",
    );
  mistake(m, `.${key} is not a function of ${describe(object)}`, "look for a misspelt name");
}

function callInherited(m: Machine, object: unknown, key: Key, args: readonly unknown[]): unknown {
  if (isArrayLike(object)) return callArrayMethod(m, object, String(key), args);
  if (typeof object === "function") {
    if (key === "call") return m.call(object, args.slice(1));
    if (key === "apply") return m.call(object, isMissing(args[1]) ? [] : elementsOf(m, args[1]));
    const type = typeNamed(object);
    if (type !== undefined && key === "of") return typedList(m, type, args);
    if (type !== undefined && key === "from") return typedList(m, type, listFrom(m, args));
  }
  if (key === "hasOwnProperty") return hasOwn(m, object, keyOf(m, args[0]));
  return fail(
    m,
    `.${key} of ${kindOfScalar(object) === undefined ? describe(object) : "a number"} is not read`,
    "compute it before, and pass it through args",
  );
}
