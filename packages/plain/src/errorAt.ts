import type { Node } from "acorn";
import type { Unit } from "./parse/Unit.ts";
import { PlainError } from "./PlainError.ts";

/** The way out that is always open. */
export const asArrays = "write the function with array operations, as traced(…)";

/** The error for a place in a function. */
export function errorAt(
  unit: Unit,
  { start, end }: Node,
  what: string,
  wayOut: string,
  isMistake = false,
): PlainError {
  const before = unit.source.slice(0, start).split("\n");
  const code = unit.source.slice(start, end).replace(/\s+/g, " ");
  // A method was parsed inside `({…})`, two characters to the right.
  const column = before.at(-1)!.length + 1 - (before.length === 1 ? unit.shift : 0);
  const snippet = code.length > 48 ? `${code.slice(0, 45)}…` : code;
  return new PlainError(
    `plain${unit.name === "" ? "" : `(${unit.name})`}: ${what} (line ${before.length}, column ${column}: \`${snippet}\`); ${wayOut}`,
    isMistake,
  );
}
