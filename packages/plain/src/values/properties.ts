import { isFixed, isTensor, isTypedArray, kindOf } from "@diffrax-ts/pytree";
import { checkFresh, fail, type Machine, mistake, resolve, touch } from "../machine/Machine.ts";
import { describe, isTracedScalar, refuseUnsettled, settled } from "./numbers.ts";

/** A key that is known. */
export function keyOf(m: Machine, key: unknown): string | number {
  if (typeof key === "string" || typeof key === "number") return key;
  refuseUnsettled(m, key);
  if (isTensor(key))
    fail(
      m,
      "an index depends on a traced value",
      "make it fixed(n) in args, or read the elements in a loop and choose with ?:",
    );
  return String(key);
}

/** `object[key]`. */
export function getProperty(m: Machine, object: unknown, key: string | number): unknown {
  refuseUnsettled(m, object);
  if (object === undefined || object === null) {
    mistake(
      m,
      `.${key} of ${String(object)}`,
      "look for a misspelt name, or args that were left out",
    );
  }
  if (isTracedScalar(object) || typeof object === "number" || typeof object === "boolean") {
    fail(
      m,
      `.${key} of a number: a plain function sees numbers here`,
      "use + - * / and Math, or wrap a function that works on tensors: traced(f)",
    );
  }
  if (isTensor(object)) {
    if (key === "length") return object.shape[0];
    const i = Number(key);
    if (!Number.isInteger(i))
      fail(
        m,
        `.${key} of an array of numbers is not read`,
        "wrap a function that works on tensors: traced(f)",
      );
    return i >= 0 && i < object.shape[0]! ? settled(object.at(i)) : undefined;
  }
  if (typeof object === "object") checkFresh(m, object);
  const holder = object as Readonly<Record<string, unknown>>;
  // A part of the library, or Float64Array, may inherit its functions; else only what an object has itself counts.
  if (
    typeof object !== "string" &&
    typeof object !== "function" &&
    !isTypedArray(object) &&
    kindOf(object) === undefined &&
    !Object.hasOwn(holder, key)
  )
    return undefined;
  const value = holder[key];
  return isFixed(value) ? value.value : settled(resolve(m, value));
}

/** `object[key] = value`. */
export function setProperty(
  m: Machine,
  object: unknown,
  key: string | number,
  value: unknown,
): void {
  refuseUnsettled(m, object);
  if (typeof object !== "object" || object === null)
    mistake(m, `a property of ${describe(object)} cannot be set`, "look for a misspelt name");
  touch(m, object);
  if (key === "__proto__") fail(m, "this key cannot be used", "give it another name");
  if (
    Array.isArray(object) &&
    key !== "length" &&
    !(Number(key) >= 0 && Number(key) <= object.length)
  ) {
    fail(
      m,
      `element ${key} is outside an array of ${object.length}`,
      "make the array longer first",
    );
  }
  (object as Record<string, unknown>)[key] = value;
}
