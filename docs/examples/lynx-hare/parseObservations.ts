import { InputError } from "../shared/InputError.ts";
import type { Observations } from "./Observations.ts";
import { type CsvRow, parseRows } from "./parseRows.ts";
import { printable } from "./printable.ts";

const columns: readonly string[] = ["time", "prey", "predator"];

/**
 * Makes observations of a CSV text with three columns: time, prey, predator. The first row may name them.
 *
 * @throws InputError that names the line, the first at fault, and says what was expected there.
 */
export function parseObservations(text: string): Observations {
  const { rows, decimalComma } = parseRows(text);
  const numberOf = (cell: string): number => toNumber(cell, decimalComma);
  const [first] = rows;
  const hasHeader = first?.cells.every((cell) => Number.isNaN(numberOf(cell))) ?? false;
  if (hasHeader) checkWidth(first!);
  const names = hasHeader ? columns.map((name, i) => printable(first!.cells[i]!) || name) : columns;

  const table: number[][] = [[], [], []];
  for (const row of hasHeader ? rows.slice(1) : rows) {
    checkWidth(row);
    for (const [i, cell] of row.cells.entries()) {
      const value = numberOf(cell);
      const problem = problemOf({ cell, value, column: i, before: table[i]!.at(-1) });
      if (problem !== "") throw new InputError(`line ${row.line}, ${names[i]}: ${problem}`);
      table[i]!.push(value);
    }
  }

  const [times, prey, predator] = table as [number[], number[], number[]];
  if (times.length < 4) {
    const found = `${times.length} row${times.length === 1 ? "" : "s"} of numbers`;
    throw new InputError(
      `${found}, expected at least 4 of time, prey, predator, as in 1900,30.0,4.0: the model has 6 numbers, which more counts than that have to tell`,
    );
  }
  return {
    names: { time: names[0]!, prey: names[1]!, predator: names[2]! },
    times,
    prey,
    predator,
  };
}

function checkWidth({ line, cells }: CsvRow): void {
  if (cells.length === columns.length) return;
  const found = `${cells.length} column${cells.length === 1 ? "" : "s"}`;
  throw new InputError(
    `line ${line}: ${found}, expected 3 (time, prey, predator) with commas, semicolons or tabs between them`,
  );
}

/** A cell, its value, and the value above it. */
interface Cell {
  readonly cell: string;
  readonly value: number;
  readonly column: number;
  readonly before: number | undefined;
}

/** What is wrong with a cell; empty if nothing is. */
function problemOf({ cell, value, column, before }: Cell): string {
  if (cell === "") return "the cell is empty, expected a number";
  if (Number.isNaN(value)) {
    const example = /^-?\d+,\d+$/.test(cell) ? cell.replace(",", ".") : "30.5";
    return `"${printable(cell)}" is not a number, expected one such as ${example}`;
  }
  if (!Number.isFinite(value)) return `${printable(cell)} is too large`;
  if (column > 0 && value <= 0) {
    return `${cell} has no logarithm, and logarithms are fitted; expected a count above 0, or no row for this time`;
  }
  if (column > 0) return "";
  return before !== undefined && value <= before
    ? `${cell} does not come after ${before}, expected times that increase`
    : "";
}

/** The number that a cell holds, `NaN` if it holds none. */
function toNumber(cell: string, decimalComma: boolean): number {
  const text = decimalComma ? cell.replace(",", ".") : cell;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
