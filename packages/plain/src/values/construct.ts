import { fail, type Machine, own } from "../machine/Machine.ts";
import { elementsOf } from "./elements.ts";
import { describe } from "./numbers.ts";

/** `new made(...args)`. */
export function construct(m: Machine, made: unknown, args: readonly unknown[]): unknown {
  const [first] = args;
  if (made === Array)
    return own(
      m,
      args.length === 1 && typeof first === "number" ? emptyArray(m, first, undefined) : [...args],
    );
  if (made === Float64Array) {
    return own(
      m,
      typeof first === "number"
        ? emptyArray(m, first, 0)
        : first === undefined
          ? []
          : [...elementsOf(m, first)],
    );
  }
  if (made === Error || made === TypeError || made === RangeError)
    return new (made as ErrorConstructor)(first as string);
  return fail(m, `new of ${describe(made)} is not read`, "use arrays and object literals");
}

/** An array of `n` elements. */
export function emptyArray(m: Machine, n: number, value: unknown): unknown[] {
  if (!(Number.isInteger(n) && n >= 0 && n <= 100_000))
    fail(m, `an array of ${n} elements`, "use array operations in a traced(…) function");
  return Array.from({ length: n }, () => value);
}
