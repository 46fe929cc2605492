import { kindOf, part, type Part } from "./part.ts";

/** A number that belongs to the structure of plain data. */
export interface Fixed extends Part<"fixed"> {
  readonly value: number;
}

/**
 * Makes the number `value` part of the structure of plain data, where it would be a leaf.
 *
 * For counts and switches that a function needs as ordinary numbers while it is traced: a loop bound, a
 * polynomial's degree. Another value is another structure, so the function is traced again. The function
 * that receives the tree sees the number itself.
 *
 * @throws TypeError if `value` is not a number.
 *
 * @example
 * ```ts
 * import { fixed, leaves } from "@diffrax-ts/pytree";
 *
 * leaves({ rate: 0.5, cells: fixed(8) });
 * // → [0.5]
 * ```
 */
export function fixed(value: number): Fixed {
  if (typeof value !== "number") {
    throw new TypeError(`fixed: the value must be a number, got ${String(value)}`);
  }
  return part("fixed", { value });
}

/** Whether `value` was made by `fixed`. */
export function isFixed(value: unknown): value is Fixed {
  return kindOf(value) === "fixed";
}
