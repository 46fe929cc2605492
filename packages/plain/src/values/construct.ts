import type { Callable } from "@diffrax-ts/pytree";
import { fail, type Machine } from "../machine/Machine.ts";
import { standInOf } from "../machine/guards.ts";
import { perform } from "../machine/lift.ts";
import { arrayOf, keepsValues, typedFrom } from "./globals.ts";
import { describe } from "./numbers.ts";
import { textOf } from "./texts.ts";
import { typeNamed } from "./TypedList.ts";

/** `new made(...args)`. */
export function construct(m: Machine, made: unknown, args: readonly unknown[]): unknown {
  if (keepsValues(made as Callable, args)) return constructOf(m, made, args);
  const seen = args.map((x) => standInOf(m, x));
  return perform(m, [made, ...seen], (known, ...of) => constructOf(m, known, of));
}

function constructOf(m: Machine, made: unknown, args: readonly unknown[]): unknown {
  const [first] = args;
  if (made === Array) return arrayOf(m, args);
  const type = typeNamed(made);
  if (type !== undefined) return typedFrom(m, type, first);
  if (made === Error || made === TypeError || made === RangeError)
    return new (made as ErrorConstructor)(first === undefined ? undefined : textOf(m, first));
  return fail(m, `new of ${describe(made)} is not read`, "use arrays and object literals");
}
