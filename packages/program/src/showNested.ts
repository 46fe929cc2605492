import type { NestedNumbers } from "@diffrax-ts/pytree";

/** As JSON, but with Infinity and NaN, and not much longer than a screen. */
export function showNested(x: NestedNumbers): string {
  const text = show(x);
  return text.length > 2000 ? `${text.slice(0, 2000)}…` : text;
}

function show(x: NestedNumbers): string {
  return typeof x === "number" ? String(x) : `[${x.map(show).join()}]`;
}
