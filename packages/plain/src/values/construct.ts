import { fail, type Machine, own } from "../machine/Machine.ts";
import { emptyArray } from "./elements.ts";
import { arrayOf, listFrom } from "./globals.ts";
import { describe } from "./numbers.ts";

/** `new made(...args)`. */
export function construct(m: Machine, made: unknown, args: readonly unknown[]): unknown {
  const [first] = args;
  if (made === Array) return arrayOf(m, args);
  if (made === Float64Array)
    return typeof first === "number" ? own(m, emptyArray(m, first, 0)) : listFrom(m, [first ?? []]);
  if (made === Error || made === TypeError || made === RangeError)
    return new (made as ErrorConstructor)(first as string);
  return fail(m, `new of ${describe(made)} is not read`, "use arrays and object literals");
}
