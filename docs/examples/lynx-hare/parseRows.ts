import { type CsvError, parse } from "csv-parse/sync";
import { InputError } from "../shared/InputError.ts";

/** A row of a CSV text. */
export interface CsvRow {
  /** The number of its line, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** The rows of a CSV text. */
export interface CsvRows {
  readonly rows: readonly CsvRow[];
  /** Whether numbers may be written as `30,5`, which they may where semicolons stand between cells. */
  readonly decimalComma: boolean;
}

/**
 * Takes a CSV text apart.
 *
 * Commas, semicolons or tabs stand between cells: whichever of `;`, tab, `,` the first row has. Cells
 * may be quoted, lines end as they like, blank lines and lines that begin with `#` are left out.
 *
 * @throws InputError that names the line where a quote is out of place.
 */
export function parseRows(text: string): CsvRows {
  const delimiter = delimiterOf(text);
  const rows: CsvRow[] = [];
  try {
    parse(text, {
      bom: true,
      comment: "#",
      comment_no_infix: true,
      delimiter,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (cells: string[], { lines }) => {
        rows.push({ line: lines, cells });
        return null;
      },
    });
    return { rows, decimalComma: delimiter === ";" };
  } catch (error) {
    const { code, lines } = error as CsvError & { readonly lines?: number };
    if (code === "CSV_QUOTE_NOT_CLOSED") {
      const after = rows.at(-1)?.line ?? 0;
      const lines = text.split(/\r\n|\n|\r/);
      const opened = lines.findIndex((line, i) => i >= after && line.includes('"'));
      throw new InputError(`line ${opened + 1}: a quote (") is opened and never closed`);
    }
    if (typeof code !== "string" || lines === undefined) throw error;
    throw new InputError(
      `line ${lines}: a quote (") inside a cell; quote the whole cell or nothing`,
    );
  }
}

function delimiterOf(text: string): string {
  const first = text.split(/[\r\n]+/).find((line) => line.trim() !== "" && !/^\uFEFF?#/.test(line));
  const unquoted = (first ?? "").replace(/"[^"]*"/g, "");
  return [";", "\t"].find((mark) => unquoted.includes(mark)) ?? ",";
}
