import { fail, type Machine } from "../machine/Machine.ts";
import { arrayOf, typedFrom } from "./globals.ts";
import { describe } from "./numbers.ts";
import { textOf } from "./texts.ts";
import { typeNamed } from "./TypedList.ts";

/** `new made(...args)`. */
export function construct(m: Machine, made: unknown, args: readonly unknown[]): unknown {
  const [first] = args;
  if (made === Array) return arrayOf(m, args);
  const type = typeNamed(made);
  if (type !== undefined) return typedFrom(m, type, first);
  if (made === Error || made === TypeError || made === RangeError)
    return new (made as ErrorConstructor)(first === undefined ? undefined : textOf(m, first));
  return fail(m, `new of ${describe(made)} is not read`, "use arrays and object literals");
}
