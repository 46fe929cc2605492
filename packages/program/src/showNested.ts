import type { NestedNumbers } from "@diffrax-ts/pytree";

/** As JSON, but with Infinity and NaN. */
export function showNested(x: NestedNumbers): string {
  return typeof x === "number" ? String(x) : `[${x.map(showNested).join()}]`;
}
