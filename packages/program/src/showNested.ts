import type { Nested } from "./nested.ts";

/**
 * As JSON, but with Infinity and NaN.
 *
 * @param mostLetters - What is longer is cut off there. By default, not much more than a screen.
 */
export function showNested(
  x: Nested<number | bigint | undefined>,
  mostLetters: number = 2000,
): string {
  const text = show(x);
  return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text;
}

function show(x: Nested<number | bigint | undefined>): string {
  return typeof x === "object" ? `[${x.map(show).join()}]` : String(x);
}
