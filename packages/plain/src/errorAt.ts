import type { Node } from "acorn";
import type { Unit } from "./parse/Unit.ts";
import { PlainError } from "./PlainError.ts";

/** The way out that is always open. */
export const asArrays = "write the function with array operations, as traced(…)";

/** As much of a line is shown. */
const width = 100;

/** The error for a place in a function, with the line of its source. */
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
    excerptAt(unit, start, end),
    isMistake,
  );
}

/** The line of a place with marks below it; of a line that a bundler made, what stands around. */
function excerptAt({ source, shift }: Unit, start: number, end: number): string {
  const whole = source.slice(shift, source.length - (shift === 0 ? 0 : 2));
  const [from, to] = [start - shift, end - shift];
  const first = whole.lastIndexOf("\n", from - 1) + 1;
  const next = whole.indexOf("\n", from);
  const last = next === -1 ? whole.length : next;
  const left = Math.max(first, Math.min(from - width / 2, last - width));
  const right = Math.min(last, left + width);
  const shown = whole.slice(left, right).trimEnd();
  const line = shown.trimStart();
  const indent = from - left - (shown.length - line.length);
  const marks = Math.max(1, Math.min(to, right) - from);
  const [head, tail] = [left > first ? "…" : "", right < last ? "…" : ""];
  return `\n    ${head}${line}${tail}\n    ${" ".repeat(head.length + Math.max(0, indent))}${"^".repeat(marks)}`;
}
