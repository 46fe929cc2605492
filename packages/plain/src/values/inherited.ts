import { fail, type Machine } from "../machine/Machine.ts";
import { isList } from "./isArrayLike.ts";
import { kindOfScalar, refuseMixed } from "./numbers.ts";
import { isNumeric, type Key } from "./texts.ts";
import { elementTypeOf } from "./TypedList.ts";

/**
 * What a value has from its prototype, as JavaScript sees it: functions asked for by their names, mostly.
 *
 * @returns `undefined` if it has nothing of this name.
 */
export function inherited(m: Machine, object: unknown, key: Key): unknown {
  const type = elementTypeOf(object);
  if (type !== undefined) {
    const { length } = object as ArrayLike<unknown>;
    if (key === "length") return length;
    if (key === "byteLength") return length * type.array.BYTES_PER_ELEMENT;
    if (isNumeric(key)) return undefined;
  }
  let holder: object | null = type?.array.prototype ?? prototypeOf(m, object);
  for (; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    const found = Object.getOwnPropertyDescriptor(holder, key);
    if (found !== undefined)
      return "value" in found ? (found.value as unknown) : fail(m, `.${key} is not read`);
  }
  return undefined;
}

function prototypeOf(m: Machine, x: unknown): object | null {
  if (isList(x)) return Array.prototype;
  refuseMixed(m, x);
  const kind = kindOfScalar(x);
  if (kind === "number") return Number.prototype;
  if (kind === "boolean") return Boolean.prototype;
  return Object.getPrototypeOf(x) as object | null;
}
