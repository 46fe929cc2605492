import { isFixed, isTensor, isTypedArray, kindOf } from "@diffrax-ts/pytree";
import { checkFresh, touch } from "../machine/containers.ts";
import { lengthOf, perform, read } from "../machine/lift.ts";
import { fail, type Machine, mistake } from "../machine/Machine.ts";
import { resolve } from "../machine/resolve.ts";
import { elementAt, elementOf, elementsOf, lengthFrom } from "./elements.ts";
import { isArrayLike, isList } from "./isArrayLike.ts";
import { inherited } from "./inherited.ts";
import { Iteration } from "./Iteration.ts";
import { describe, isTracedScalar, refuseUnsettled, settled } from "./numbers.ts";
import { indexOfKey, isNumeric, type Key, keyOf } from "./texts.ts";
import { TypedList } from "./TypedList.ts";
import { laneElement, noteRead, rowOf } from "../turns/laneElement.ts";
import { setInTurns } from "../turns/setInTurns.ts";
import { PerTurn } from "../turns/PerTurn.ts";

/** `object[key]`. */
export function getProperty(m: Machine, object: unknown, key: Key): unknown {
  refuseUnsettled(m, object);
  if (object === undefined || object === null) {
    mistake(
      m,
      `.${key} of ${String(object)}`,
      "look for a misspelt name, or args that were left out",
    );
  }
  // A part of the library may inherit its functions from anywhere.
  if (!hasOwn(m, object, key) && kindOf(object) === undefined) return inherited(m, object, key);
  if (isTensor(object))
    return key === "length" ? object.shape[0] : settled(rowOf(m, object, Number(key)));
  if (object instanceof TypedList) return settled(elementAt(m, object, Number(key)));
  const value = (object as Readonly<Record<string, unknown>>)[key];
  return isFixed(value) ? value.value : settled(resolve(m, value));
}

/** `Object.hasOwn(object, key)`. */
export function hasOwn(m: Machine, object: unknown, key: Key): boolean {
  refuseUnsettled(m, object);
  if (m.level !== null && (key === "length" || isNumeric(key))) noteRead(m, object);
  if (object instanceof Iteration)
    fail(m, "an iterator is only gone through", "make an array of it: [...list.entries()]");
  if (isTracedScalar(object)) return false;
  if (isTensor(object) && key === "length") return isList(object);
  if (isTensor(object) || object instanceof TypedList || isTypedArray(object))
    return (indexOfKey(key) ?? Infinity) < (isTensor(object) ? object.shape[0]! : object.length);
  if (typeof object === "function" && m.functions.has(object as never)) {
    if (key === "length" || key === "name" || key === "prototype")
      fail(m, `.${key} of a function is not read`, "write it as a number or a text");
    return false;
  }
  if (typeof object === "object" && object !== null) checkFresh(m, object);
  return Object.hasOwn(object as object, key);
}

/** `key in object`. */
export function hasProperty(m: Machine, object: unknown, key: Key): boolean {
  refuseUnsettled(m, object);
  const isObject = typeof object === "function" || (typeof object === "object" && object !== null);
  if (!isObject || isTracedScalar(object))
    mistake(
      m,
      `an object was expected, and this is ${describe(object)}`,
      "look for a misspelt name",
    );
  return hasOwn(m, object, key) || inherited(m, object, key) !== undefined;
}

/** `object[key] = value`. */
export function setProperty(m: Machine, object: unknown, key: Key, value: unknown): void {
  refuseUnsettled(m, object);
  if (typeof object !== "object" || object === null)
    mistake(m, `a property of ${describe(object)} cannot be set`, "look for a misspelt name");
  if (object instanceof TypedList) return setElement(m, object, key, value);
  touch(m, object, key);
  if (key === "__proto__") fail(m, "this key cannot be used", "give it another name");
  if (!Array.isArray(object)) {
    (object as Record<string, unknown>)[key] = value;
  } else if (key === "length") {
    object.length = lengthFrom(m, value);
  } else {
    const i =
      indexOfKey(key) ?? fail(m, `.${key} of an array cannot be set`, "use an object beside it");
    if (i > object.length) lengthFrom(m, i + 1);
    object[i] = value;
  }
}

/** What is written beside a typed array is lost. */
function setElement(m: Machine, list: TypedList, key: Key, value: unknown): void {
  const i = indexOfKey(key);
  if (i === undefined && !isNumeric(key))
    fail(m, `.${key} of a ${list.type.array.name} cannot be set`, "use an object beside it");
  const element = elementOf(m, list.type, value);
  const isThere = i !== undefined && i < list.length;
  touch(m, list.storage, isThere ? list.offset + i : undefined);
  if (isThere) list.storage[list.offset + i] = element;
}

/** The properties of `{ ...value }`, as they are now. */
export function spread(m: Machine, value: unknown): Record<string, unknown> {
  refuseUnsettled(m, value);
  if (isTracedScalar(value) || typeof value === "function") return {};
  if (isArrayLike(value))
    return Object.assign({}, elementsOf(m, value) as object) as Record<string, unknown>;
  if (typeof value === "object" && value !== null) {
    if (value instanceof Iteration) hasOwn(m, value, "");
    checkFresh(m, value);
  }
  return { ...(value as object) };
}

/** `object[key]`, of choices as well. */
export function propertyOf(m: Machine, object: unknown, key: unknown): unknown {
  if (key instanceof PerTurn) return laneElement(m, object, key);
  return key === "length"
    ? lengthOf(m, object, (x) => getProperty(m, x, key))
    : read(m, [object, key], (x, k) => getProperty(m, x, keyOf(m, k)));
}

/** `object[key] = value`, of choices as well. */
export function setPropertyOf(m: Machine, object: unknown, key: unknown, value: unknown): void {
  if (key instanceof PerTurn) return setInTurns(m, object, key, value);
  perform(m, [object, key], (x, k) => setProperty(m, x, keyOf(m, k), value));
}
